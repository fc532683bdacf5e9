"""Looking once a minute what is due by itself. May run in several places at once: each person gets it once."""

from uuid import UUID

from events.messaging.reminders import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.service import each


async def sweep(context: WorkerContext) -> None:
    """Send what is due, fifty to a unit of work."""
    async with context.database.reading() as db:
        due = await service.find_due(db, at=context.clock())

    async def send(entry_id: UUID) -> None:
        goes_on = True
        while goes_on:
            async with context.database.unit_of_work() as db:
                goes_on = await service.send_due(db, entry_id, context.settings, at=context.clock())

    await each(due, send)
