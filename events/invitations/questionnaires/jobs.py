"""Counting what is missing after the questions changed. May run twice."""

from events.invitations.questionnaires import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def count_missing(context: WorkerContext, job: Job) -> None:
    """A hundred registrations to a unit of work."""
    after = None
    while True:
        async with context.database.unit_of_work() as db:
            after, _ = await service.count_missing(db, job.about_id, after)
        if after is None:
            return
