"""Reminding institutions in the background. May run twice."""

from events.calls import service
from notifications.work.models import Job
from notifications.work.service import Workshop


async def remind(workshop: Workshop, job: Job) -> None:
    """A deadline for names comes near: those who named nobody hear of it."""
    async with workshop.database.unit_of_work() as db:
        await service.remind_due(db, job.about_id, workshop.settings, at=workshop.clock())
