"""Reminding institutions in the background. May run twice."""

from events.nominations.requests import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def remind(context: WorkerContext, job: Job) -> None:
    """A deadline for names comes near: those who named nobody hear of it."""
    async with context.database.unit_of_work() as db:
        await service.remind_due(db, job.about_id, context.settings, at=context.clock())
