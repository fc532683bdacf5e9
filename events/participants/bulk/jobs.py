"""A step for many people, a few to a unit of work."""

from uuid import UUID

from events.participants.bulk import service as steps
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def bulk(context: WorkerContext, job: Job) -> None:
    """Take the step for all who were chosen. May run twice: each part looks whom it still touches."""
    ids = [UUID(id) for id in job.payload["ids"]]
    for start in range(0, len(ids), steps.BATCH):
        async with context.database.unit_of_work() as db:
            at = context.clock()
            chunk = ids[start : start + steps.BATCH]
            await steps.take(db, job, chunk, context.settings, at=at)
            await note_progress(db, job, at=at, done=start + len(chunk), total=len(ids))
