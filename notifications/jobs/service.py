"""Enqueueing a job, running it under a lease, and looking how far it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import erasing
from core.db import mark_pending
from core.errors import NotFound
from directory.accounts.access import Caller
from directory.projects.service import must_reach
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import OPEN, Job, Stage

log = structlog.get_logger()
T = TypeVar("T")
# After it somebody else takes over what a process that died was doing; while one lives it renews its lease.
LEASE = timedelta(seconds=20)
# Seconds between two renewals.
BEAT = 5.0
# For what holds the database so long that no lease can be renewed meanwhile. Packages above name such jobs here.
LONG_LEASE = timedelta(minutes=5)
LONG_JOBS: set[str] = set()
MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(days=1)


async def each(these: Iterable[T], do: Callable[[T], Awaitable[object]]) -> None:
    """One after the other; a fault in one is logged and stops no other."""
    for one in these:
        try:
            await do(one)
        except Exception as error:
            log.error("left out", id=str(getattr(one, "id", "")), kind=type(error).__name__, exc_info=error)


async def sweep(context: WorkerContext) -> None:
    """Let every sweep look once."""
    await each(context.sweeps, lambda one: one(context))


async def enqueue_job(
    db: AsyncSession, name: str, *, project_id: UUID, about_id: UUID, at: datetime, **payload: object
) -> Job:
    """Write the job beside its cause; it starts after the commit."""
    job = Job(name=name, project_id=project_id, about_id=about_id, payload=payload, due_at=at)
    db.add(job)
    await db.flush()
    mark_pending(db)
    return job


async def is_under_way(db: AsyncSession, about_id: UUID, names: Collection[str], *, but: UUID | None = None) -> bool:
    """Whether a job of one of these names about something waits or runs, one left out."""
    open_jobs = select(Job.id).where(OPEN, Job.about_id == about_id, col(Job.name).in_(names))
    if but is not None:
        open_jobs = open_jobs.where(Job.id != but)
    return (await db.exec(open_jobs.limit(1))).first() is not None


async def claim(db: AsyncSession, *, at: datetime) -> Job | None:
    """Lease the next due job, or one whose worker died."""
    ready = sa.or_(
        sa.and_(col(Job.stage) == Stage.waiting, col(Job.due_at) <= at),
        sa.and_(col(Job.stage) == Stage.running, col(Job.leased_until) <= at),
    )
    # OPEN and the limit as words, and equal to one id: whatever values a prepared statement is sent with, PostgreSQL
    # sees that the index of what is due holds all of it, and that one row is wanted.
    chosen = select(Job.id).where(OPEN, ready).order_by(col(Job.due_at)).limit(sa.literal_column("1"))
    claimed = await db.exec(
        update(Job)
        .where(col(Job.id) == chosen.with_for_update(skip_locked=True).scalar_subquery())
        .values(stage=Stage.running, leased_until=_lease_from(at=at), attempts=Job.attempts + 1)
        .returning(Job)
    )
    row = claimed.first()
    return row[0] if row else None


def _lease_from(*, at: datetime) -> sa.ColumnElement[datetime]:
    return sa.case((col(Job.name).in_(LONG_JOBS), at + LONG_LEASE), else_=at + LEASE)


def _ours(job: Job) -> sa.Update:
    """The job as long as nobody has taken it over: each claim counts as a try."""
    return update(Job).where(col(Job.id) == job.id, col(Job.attempts) == job.attempts)


async def note_progress(db: AsyncSession, job: Job, *, at: datetime, done: int, total: int) -> None:
    """Say how far the job is, and keep its lease."""
    await db.exec(_ours(job).values(done=done, total=total, leased_until=_lease_from(at=at)))


class ChunkStep(Protocol):
    """What a job does for some of its ids."""

    async def __call__(self, db: AsyncSession, ids: list[UUID], /, *, at: datetime) -> object: ...


async def in_chunks(context: WorkerContext, job: Job, size: int, step: ChunkStep) -> None:
    """Take a step for all `ids` of the job, so many to a unit of work, and say how far it is. The step may be taken
    twice."""
    ids = [UUID(id) for id in job.payload["ids"]]
    for start in range(0, len(ids), size):
        chunk = ids[start : start + size]
        async with context.database.unit_of_work() as db:
            at = context.clock()
            await step(db, chunk, at=at)
            await note_progress(db, job, at=at, done=start + len(chunk), total=len(ids))


async def keep_lease(db: AsyncSession, job: Job, *, at: datetime) -> None:
    """Say that the job is still under way."""
    await db.exec(_ours(job).values(leased_until=_lease_from(at=at)))


@asynccontextmanager
async def _keeping_lease(context: WorkerContext, job: Job) -> AsyncIterator[None]:
    """Renew the lease as long as this is open. A renewal that fails is tried again: the work goes on."""
    is_over = asyncio.Event()

    async def beat() -> None:
        while not is_over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), BEAT)
                return
            try:
                async with context.database.unit_of_work() as db:
                    await keep_lease(db, job, at=context.clock())
            except Exception as error:
                log.warning("lease not renewed", job=job.name, id=str(job.id), kind=type(error).__name__)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        # Waited for, not broken off in the midst of a transaction.
        is_over.set()
        await beating


async def run_next_job(context: WorkerContext) -> bool:
    """Run one job to its end. A fault is noted and tried again later, with growing pauses."""
    async with context.database.unit_of_work() as db:
        job = await claim(db, at=context.clock())
    if job is None:
        return False
    try:
        async with _keeping_lease(context, job):
            await context.handlers[job.name](context, job)
        values: dict[str, object] = {"stage": Stage.done, "leased_until": None, "payload": {}}
    except Exception as error:
        log.error("job failed", job=job.name, id=str(job.id), kind=type(error).__name__, exc_info=error)
        # Erasing is enqueued until it is done: nobody else remembers whom.
        again = job.attempts < MOST_ATTEMPTS or job.name == erasing.JOB
        values = {"stage": Stage.waiting if again else Stage.failed, "leased_until": None}
        values["due_at"] = context.clock() + min(timedelta(seconds=5 * 2 ** min(job.attempts, 20)), LONGEST_PAUSE)
        if not again:
            values["payload"] = {}
    async with context.database.unit_of_work() as db:
        await db.exec(_ours(job).values(**values))
    return True


async def get_job(db: AsyncSession, job_id: UUID, caller: Caller) -> Job:
    job = await db.get(Job, job_id)
    if job is None:
        raise NotFound()
    must_reach(job.project_id, "job", job.id, caller)
    return job
