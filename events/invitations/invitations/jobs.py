"""Asking and telling many people, fifty to a unit of work. May run twice: each step looks what is left."""

from collections.abc import Awaitable, Callable
from functools import partial

from events.invitations.invitations import service
from events.programme.speaker_notices import jobs as speaker_notices
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def invite(context: WorkerContext, job: Job) -> None:
    """Ask everybody who is named."""
    await _in_batches(context, job, service.invite_batch)


async def announce(context: WorkerContext, job: Job) -> None:
    """How the event stands now, to everybody concerned: those who are asked, and those who have a part."""
    only_drafts = bool(job.payload.get("only_drafts"))
    await _in_batches(context, job, partial(service.announce_batch, only_drafts=only_drafts))
    if not only_drafts:
        await speaker_notices.tell(context, job)


async def _in_batches(context: WorkerContext, job: Job, step: Callable[..., Awaitable[tuple[int, int]]]) -> None:
    done, left = 0, 1
    while left:
        async with context.database.unit_of_work() as db:
            at = context.clock()
            asked, left = await step(db, job.about_id, context.settings, at=at)
            done += asked
            await note_progress(db, job, at=at, done=done, total=done + left)
