"""Once a day, at five in the project's own time."""

from uuid import UUID

from events.messaging.digests import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.service import each


async def sweep(context: WorkerContext) -> None:
    """Write the digests that are due, each project in a unit of work of its own."""
    at = context.clock()
    async with context.database.reading() as db:
        due = await service.find_due(db, at=at)

    async def write(project_id: UUID) -> None:
        async with context.database.unit_of_work() as db:
            await service.write(db, project_id, context.settings, at=at)

    await each(due, write)
