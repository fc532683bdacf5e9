"""Deleting rooming lists once nobody needs them."""

from notifications.jobs.context import WorkerContext
from visits.rooming_lists.service import forget_old


async def sweep(context: WorkerContext) -> None:
    """Lists of visits that are over for long go, and who shared a room."""
    async with context.database.unit_of_work() as db:
        await forget_old(db, at=context.clock())
