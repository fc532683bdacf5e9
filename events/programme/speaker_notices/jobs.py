"""Telling those who have roles in sessions."""

from events.programme.speaker_notices import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def tell(context: WorkerContext, job: Job) -> None:
    """Everybody with a part in a session of the event."""
    async with context.database.unit_of_work() as db:
        await service.tell(db, job.about_id, context.settings, at=context.clock())
