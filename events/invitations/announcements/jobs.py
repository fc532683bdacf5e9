"""How an event stands now, written to everybody concerned, fifty to a unit of work. May run twice."""

from functools import partial

from events.invitations.announcements.service import announce_batch, close_batches
from events.invitations.invitations.jobs import in_batches
from events.programme.speaker_notices import jobs as speaker_notices
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def announce(context: WorkerContext, job: Job) -> None:
    """To those who are asked, and those who have a part; or only anew what waits already."""
    only_drafts = bool(job.payload.get("only_drafts"))
    await in_batches(context, job, partial(announce_batch, only_drafts=only_drafts))
    if not only_drafts:
        await speaker_notices.tell(context, job)
    async with context.database.unit_of_work() as db:
        await close_batches(db, job)
