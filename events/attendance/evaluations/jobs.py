"""Writing to those who are asked, a few to a unit of work."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.attendance.evaluations import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks


async def ask(context: WorkerContext, job: Job) -> None:
    """A draft for each. May run twice: the same round gives one mail a person."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await service.write_batch(db, job.about_id, ids, job.payload["round"], context.settings, at=at)

    await in_chunks(context, job, service.BATCH, step)
