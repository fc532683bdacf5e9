"""Reminds of tasks."""

from uuid import UUID

from notifications.jobs.context import WorkerContext
from notifications.jobs.service import each
from visits.tasks import service


async def sweep(context: WorkerContext) -> None:
    """Each project in a unit of work of its own."""
    at = context.clock()
    async with context.database.reading() as db:
        due = await service.projects_to_remind(db, at=at)

    async def remind(project_id: UUID) -> None:
        async with context.database.unit_of_work() as db:
            await service.remind(db, project_id, context.settings, at=at)

    await each(due, remind)
