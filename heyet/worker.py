"""The worker: does what is due when arq brings the news, and looks on its own every few seconds.

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
from notifications.jobs.queue import Announcements, queue_at

log = structlog.get_logger()
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
    async with _worker_context(settings) as context:
        stopping = context.stopping
        for told in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(told, stopping.set)
        while not stopping.is_set():
            try:
                await work_with_redis(context, stopping)
            except (RedisError, OSError) as error:
                log.error("redis is away", kind=type(error).__name__)
                await _work_without_redis(context, stopping)


@asynccontextmanager
async def _worker_context(settings: Settings) -> AsyncIterator[WorkerContext]:
    vault.use(*settings.keys)
    use_machine_fonts(settings.font_folders)
    database = Database(settings.database, pool_size=settings.database_pool)
    await database.must_be_sound()
    _ = settings.files
    context = worker_context_of(database, settings, wall_clock, Metrics())
    yield context
    await context.close()
    await database.close()


class RarelyPolling(Worker):
    """arq's worker, which polls when it hears that there is something, when a job is over (the next one may wait for
    its place), and otherwise rarely."""

    def __init__(self, context: WorkerContext, **given: Any) -> None:
        url = context.settings.redis_url
        super().__init__(redis_pool=queue_at(url), ctx={"workshop": context}, poll_delay=jobs.LOOK, **given)
        self._context, self._news = context, Announcements(url)

    async def main(self) -> None:
        """Poll and rest, until cancelled. Raises RedisError or OSError where Redis does not answer."""
        hearing = asyncio.create_task(self._news.wait())
        # The first poll puts into the queue what is done at the start, the second takes it.
        pause = 0.0
        try:
            while True:
                await self._poll_iteration()
                resting = {hearing, *self.tasks.values()}
                over, _ = await asyncio.wait(resting, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                pause = jobs.LOOK
                if hearing.done():
                    hearing.result()
                    hearing = asyncio.create_task(self._news.wait())
                if not over and self.job_counter < self.max_jobs and await self._is_something_due():
                    await self.pool.enqueue_job("run_due")
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError, RedisError, OSError):
                await hearing
            await self._news.close()

    async def stop(self, patience: float) -> None:
        """Take no more jobs, let those under way end within `patience` seconds, give back the connections."""
        self.allow_pick_jobs = False
        # The loop first, and until it is over: a library that is just being answered may swallow a cancellation, and
        # a loop that goes on after its pool is closed ends with what is nobody's fault.
        while self.main_task and not self.main_task.done():
            self.main_task.cancel()
            await asyncio.wait({self.main_task}, timeout=0.5)
        if self.tasks:
            # A mailing under way ends with the mails that are, instead of being broken off in the midst of one.
            self._context.is_pausing = True
            try:
                _, late = await asyncio.wait(self.tasks.values(), timeout=patience)
                for task in late:
                    task.cancel()
                # Of those that are over, too: that Redis is away is said once, by whoever waits for the loop.
                await asyncio.gather(*self.tasks.values(), return_exceptions=True)
            finally:
                self._context.is_pausing = False
            self.tasks.clear()
        with suppress(RedisError, OSError):
            await self.close()

    async def _is_something_due(self) -> bool:
        """What came without news, or comes again. A database that is away is asked again at the next look."""
        try:
            due = await jobs.next_due(self._context)
        except Exception as error:
            log.error("not looked", kind=type(error).__name__)
            return False
        return due is not None and due <= self._context.clock()


async def work_with_redis(context: WorkerContext, stopping: asyncio.Event) -> None:
    """Until told to stop. Raises RedisError or OSError where Redis does not answer."""
    # arq types what it is given as protocols that no plain function fulfils.
    due: Any = run_due
    minutely: Any = sweep
    worker = RarelyPolling(
        context,
        functions=[due],
        cron_jobs=[cron(minutely, second={30}, run_at_startup=True, unique=False)],
        handle_signals=False,
        max_jobs=2,
        # Its own retries are off: the tables keep count.
        max_tries=1,
        keep_result=0,
        job_timeout=3600,
    )
    working = asyncio.create_task(worker.async_run())
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    await worker.stop(FINISHING)
    with suppress(asyncio.CancelledError):
        await working


async def _work_without_redis(context: WorkerContext, stopping: asyncio.Event) -> None:
    """For a while as the web process does in the embedded way: look, work, look again."""
    enough = asyncio.Event()
    working = asyncio.create_task(jobs.run_embedded(context, asyncio.Event(), enough))
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), AWAY)
    enough.set()
    await working
