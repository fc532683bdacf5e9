"""The worker: does what is due when arq brings the news, and looks on its own every five seconds.

Redis may stop, hang or forget everything: until it answers again the worker goes on as the web process would.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from arq import cron
from arq.worker import Worker
from redis.exceptions import RedisError

from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.documents.fonts import use_machine_fonts
from core.observe import Metrics
from core.settings import Settings
from heyet.app import worker_context_of
from notifications.delivery import jobs
from notifications.jobs import service as work_service
from notifications.jobs.context import WorkerContext
from notifications.jobs.queue import queue_at

log = structlog.get_logger()
SWEEP_SECONDS = set(range(0, 60, 5))
FINISHING = 30.0
AWAY = 5.0


def run(settings: Settings) -> None:
    """Work until told to stop; a message under way is finished first."""
    asyncio.run(_live(settings))


async def run_due(context: dict[str, Any]) -> int:
    """Everything that is due. The queue carries no data: the tables say what there is to do."""
    return await jobs.run_due(context["workshop"])


async def sweep(context: dict[str, Any]) -> None:
    """What is due by the calendar."""
    await work_service.sweep(context["workshop"])
    await jobs.run_due(context["workshop"])


async def _live(settings: Settings) -> None:
    stopping = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stopping.set)
    async with _worker_context(settings) as context:
        while not stopping.is_set():
            try:
                await _work_with_redis(context, stopping)
            except (RedisError, OSError) as error:
                log.error("redis is away", kind=type(error).__name__)
                await _work_without_redis(context, stopping)


@asynccontextmanager
async def _worker_context(settings: Settings) -> AsyncIterator[WorkerContext]:
    vault.use(*settings.keys)
    use_machine_fonts(settings.font_folders)
    database = Database(settings.database, pool_size=settings.database_pool)
    await database.must_be_sound()
    context = worker_context_of(database, settings, wall_clock, Metrics())
    yield context
    await context.close()
    await database.close()


async def _work_with_redis(context: WorkerContext, stopping: asyncio.Event) -> None:
    """Until told to stop. Raises RedisError or OSError where Redis does not answer."""
    # arq types what it is given as protocols that no plain function fulfils.
    due: Any = run_due
    minutely: Any = sweep
    worker = Worker(
        functions=[due],
        cron_jobs=[
            cron(due, second=SWEEP_SECONDS, run_at_startup=True, unique=False),
            cron(minutely, second={30}, run_at_startup=True, unique=False),
        ],
        redis_pool=queue_at(context.settings.redis_url),
        ctx={"workshop": context},
        handle_signals=False,
        # arq polls; its default of half a second would be the longest wait in a mail's way.
        poll_delay=0.05,
        max_jobs=2,
        # Its own retries are off: the tables keep count.
        max_tries=1,
        keep_result=0,
        job_timeout=3600,
    )
    working = asyncio.create_task(worker.async_run())
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    worker.allow_pick_jobs = False
    told.cancel()
    if worker.tasks:
        await asyncio.wait(worker.tasks.values(), timeout=FINISHING)
    if working.done():
        working.result()
    with suppress(asyncio.CancelledError, RedisError, OSError):
        await worker.close()
        await working


async def _work_without_redis(context: WorkerContext, stopping: asyncio.Event) -> None:
    """For a while as the web process does in the embedded way: look, work, look again."""
    enough = asyncio.Event()
    working = asyncio.create_task(jobs.run_embedded(context, asyncio.Event(), enough))
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), AWAY)
    enough.set()
    await working
