"""A step for many people, a few to a unit of work."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.participants.bulk import service as steps
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks


async def bulk(context: WorkerContext, job: Job) -> None:
    """Take the step for all who were chosen. May run twice: each part looks whom it still touches."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await steps.take(db, job, ids, context.settings, at=at)

    await in_chunks(context, job, steps.BATCH, step)
