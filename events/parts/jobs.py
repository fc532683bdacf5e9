"""Telling those who have parts, after the programme was published and after the event changed."""

from events.invitations import jobs as invitations
from events.parts import service
from notifications.work.models import Job
from notifications.work.service import Workshop


async def tell(workshop: Workshop, job: Job) -> None:
    """Everybody with a part in a session of the event."""
    async with workshop.database.unit_of_work() as db:
        await service.tell(db, job.about_id, workshop.settings, at=workshop.clock())


async def announce(workshop: Workshop, job: Job) -> None:
    """How the event stands now, to everybody concerned: those who are asked, and those who have a part."""
    await invitations.announce(workshop, job)
    await tell(workshop, job)
