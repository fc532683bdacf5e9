"""Writing a campaign to everybody, a few to a unit of work. May run twice."""

from uuid import UUID

from events.messaging.campaigns import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def write(context: WorkerContext, job: Job) -> None:
    """One draft for each person."""
    ids = [UUID(id) for id in job.payload["ids"]]
    for start in range(0, len(ids), service.BATCH):
        chunk = ids[start : start + service.BATCH]
        async with context.database.unit_of_work() as db:
            at = context.clock()
            await service.write_batch(db, UUID(job.payload["campaign"]), chunk, context.settings, at=at)
            await note_progress(db, job, at=at, done=start + len(chunk), total=len(ids))
