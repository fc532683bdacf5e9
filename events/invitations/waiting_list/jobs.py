"""What happens to the waiting list in the background. Each may run twice."""

from events.invitations.waiting_list import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def fill_places(workshop: WorkerContext, job: Job) -> None:
    """Places were added to the event: those who wait move up."""
    async with workshop.database.unit_of_work() as db:
        await service.fill_places(db, job.about_id, workshop.settings, at=workshop.clock())


async def expire_offers(workshop: WorkerContext, job: Job) -> None:
    """The time of an offer is over: the place goes on to the next."""
    async with workshop.database.unit_of_work() as db:
        await service.expire_offers(db, job.about_id, workshop.settings, at=workshop.clock())
