"""What becomes of a request that nobody confirmed. May run twice."""

from events.privacy.address_changes import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def end(context: WorkerContext, job: Job) -> None:
    """Its time is over."""
    async with context.database.unit_of_work() as db:
        await service.end(db, job.about_id, at=context.clock())
