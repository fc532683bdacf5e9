"""Asking many people, fifty to a unit of work. May run twice: each step looks what is left."""

from collections.abc import Awaitable, Callable

from events.invitations.invitations import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def invite(context: WorkerContext, job: Job) -> None:
    """Ask everybody who is named."""
    await in_batches(context, job, service.invite_batch)


async def in_batches(context: WorkerContext, job: Job, step: Callable[..., Awaitable[tuple[int, int]]]) -> None:
    """A step for fifty at a time until nobody is left, with progress."""
    done, left = 0, 1
    while left:
        async with context.database.unit_of_work() as db:
            at = context.clock()
            asked, left = await step(db, job.about_id, context.settings, at=at)
            done += asked
            await note_progress(db, job, at=at, done=done, total=done + left)
