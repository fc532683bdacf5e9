"""Making sheets, an event to a unit of work."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.attendance.sheet_batches import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks


async def make(context: WorkerContext, job: Job) -> None:
    """A sheet for each event. May run twice: an event that got its sheet gets no second."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await service.make(db, job, ids, context.settings, at=at)

    await in_chunks(context, job, 1, step)
