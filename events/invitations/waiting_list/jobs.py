"""What happens to the waiting list in the background. Each may run twice."""

from events.invitations.waiting_list import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def fill_capacity(context: WorkerContext, job: Job) -> None:
    """Places were added to the event: those who wait move up."""
    async with context.database.unit_of_work() as db:
        await service.fill_capacity(db, job.about_id, context.settings, at=context.clock())


async def expire_offers(context: WorkerContext, job: Job) -> None:
    """The time of an offer is over: the place goes on to the next."""
    async with context.database.unit_of_work() as db:
        await service.expire_offers(db, job.about_id, context.settings, at=context.clock())
