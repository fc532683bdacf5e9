"""Issuing certificates, a few to a unit of work."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.attendance.certificates import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks


async def issue(context: WorkerContext, job: Job) -> None:
    """A certificate for each. May run twice: whoever has one that says what is known gets no second."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await service.issue(db, job.about_id, ids, context.settings, at=at)

    size = service.SEALED_BATCH if context.settings.seal_file else service.BATCH
    await in_chunks(context, job, size, step)
