"""Looking once a minute which reports are due. May run in several places at once: each reader gets one a month."""

from uuid import UUID

from finance.monthly_reports import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.service import each


async def sweep(context: WorkerContext) -> None:
    """Write the mails that are due, each project in a unit of work of its own."""
    async with context.database.reading() as db:
        due = await service.find_due(db, at=context.clock())

    async def write(project_id: UUID) -> None:
        async with context.database.unit_of_work() as db:
            await service.write(db, project_id, context.settings, at=context.clock())

    await each(due, write)
