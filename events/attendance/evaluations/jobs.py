"""Writing to those who are asked, a few to a unit of work."""

from uuid import UUID

from events.attendance.evaluations import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def ask(context: WorkerContext, job: Job) -> None:
    """A draft for each. May run twice: the same round gives one mail a person."""
    ids = [UUID(id) for id in job.payload["ids"]]
    for start in range(0, len(ids), service.BATCH):
        chunk = ids[start : start + service.BATCH]
        async with context.database.unit_of_work() as db:
            at = context.clock()
            await service.write_batch(db, job.about_id, chunk, job.payload["round"], context.settings, at=at)
            await note_progress(db, job, at=at, done=start + len(chunk), total=len(ids))
