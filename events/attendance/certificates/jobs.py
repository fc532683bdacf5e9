"""Issuing certificates, a few to a unit of work."""

from uuid import UUID

from events.attendance.certificates import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def issue(context: WorkerContext, job: Job) -> None:
    """A certificate for each. May run twice: whoever has one that says what is known gets no second."""
    ids = [UUID(id) for id in job.payload["ids"]]
    for start in range(0, len(ids), service.BATCH):
        chunk = ids[start : start + service.BATCH]
        async with context.database.unit_of_work() as db:
            at = context.clock()
            await service.issue(db, job.about_id, chunk, context.settings, at=at)
            await note_progress(db, job, at=at, done=start + len(chunk), total=len(ids))
