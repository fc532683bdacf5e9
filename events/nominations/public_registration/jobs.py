"""What applications and lost links lead to. A second run mails a second link, which does no harm."""

from events.nominations.public_registration import service
from events.nominations.public_registration.service import address_in, application_in
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def take_application(context: WorkerContext, job: Job) -> None:
    """Somebody asked for a place."""
    async with context.database.unit_of_work() as db:
        await service.take_application(
            db, job.about_id, application_in(job.payload), context.settings, at=context.clock()
        )


async def send_links(context: WorkerContext, job: Job) -> None:
    """Somebody lost their link."""
    async with context.database.unit_of_work() as db:
        await service.send_links(db, address_in(job.payload), context.settings, at=context.clock())


async def renew_links(context: WorkerContext, job: Job) -> None:
    """Somebody has another address now."""
    async with context.database.unit_of_work() as db:
        await service.renew_links(db, job.about_id, context.settings, at=context.clock())
