"""Writing a campaign to everybody, a few to a unit of work. May run twice."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.messaging.campaigns import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks


async def write(context: WorkerContext, job: Job) -> None:
    """One draft for each person."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await service.write_batch(db, UUID(job.payload["campaign"]), ids, context.settings, at=at)

    await in_chunks(context, job, service.BATCH, step)
