"""Putting a bundle together, and deleting those of before."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from finance.evidence_bundles import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks


async def make(context: WorkerContext, job: Job) -> None:
    """One bundle. May run twice: the second takes the place of the first."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await service.make(db, job, context.settings, at=at)

    await in_chunks(context, job, 1, step)


async def sweep(context: WorkerContext) -> None:
    """Bundles that were made some days ago go."""
    async with context.database.unit_of_work() as db:
        await service.forget_old(db, at=context.clock())
