"""Emptying what is known of drivers once nobody needs it."""

from notifications.jobs.context import WorkerContext
from visits.vehicles.service import forget_old


async def sweep(context: WorkerContext) -> None:
    """Names and telephones of drivers and contacts of visits that are over for long go."""
    async with context.database.unit_of_work() as db:
        await forget_old(db, at=context.clock())
