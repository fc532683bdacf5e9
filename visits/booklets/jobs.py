"""Making booklets, a few to a unit of work, and deleting them when nobody needs them."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import in_chunks
from visits.booklets import service


async def make(context: WorkerContext, job: Job) -> None:
    """A booklet for each. May run twice: whoever's was made since the order gets no second."""

    async def step(db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> None:
        await service.make(db, job, ids, context.settings, at=at)

    await in_chunks(context, job, service.BATCH, step)


async def sweep(context: WorkerContext) -> None:
    """Booklets of visits that are over for long go."""
    async with context.database.unit_of_work() as db:
        await service.forget_old(db, at=context.clock())
