"""Deleting passports once nobody needs them."""

from notifications.jobs.context import WorkerContext
from visits.travel_details.service import forget_old


async def sweep(context: WorkerContext) -> None:
    """What was told for visits that are over for long goes, whatever the project keeps otherwise."""
    async with context.database.unit_of_work() as db:
        await forget_old(db, at=context.clock())
