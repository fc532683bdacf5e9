"""What applications and lost links lead to. A second run mails a second link, which does no harm."""

from events.nominations.public_registration import service
from events.nominations.public_registration.service import address_in, application_in
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def take_application(workshop: WorkerContext, job: Job) -> None:
    """Somebody asked for a place."""
    async with workshop.database.unit_of_work() as db:
        await service.take_application(
            db, job.about_id, application_in(job.payload), workshop.settings, at=workshop.clock()
        )


async def send_links(workshop: WorkerContext, job: Job) -> None:
    """Somebody lost their link."""
    async with workshop.database.unit_of_work() as db:
        await service.send_links(db, address_in(job.payload), workshop.settings, at=workshop.clock())


async def renew_links(workshop: WorkerContext, job: Job) -> None:
    """Somebody has another address now."""
    async with workshop.database.unit_of_work() as db:
        await service.renew_links(db, job.about_id, workshop.settings, at=workshop.clock())
