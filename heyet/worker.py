"""The arq worker: runs what is due when it is nudged, and looks on its own every five seconds."""

from typing import Any

from arq import cron
from arq.connections import RedisSettings
from arq.worker import Worker

from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.observe import Metrics
from core.settings import Settings
from heyet.app import workshop_of
from notifications.delivery import jobs
from notifications.work import service as work_service

SWEEP_SECONDS = set(range(0, 60, 5))


async def run_due(context: dict[str, Any]) -> int:
    """Everything that is due. The queue carries no data: the tables say what there is to do."""
    return await jobs.run_due(context["workshop"])


async def sweep(context: dict[str, Any]) -> None:
    """What is due by the calendar."""
    await work_service.sweep(context["workshop"])
    await jobs.run_due(context["workshop"])


async def start(context: dict[str, Any]) -> None:
    settings: Settings = context["settings"]
    vault.use(settings.key)
    database = Database(settings.database, pool_size=settings.database_pool)
    await database.must_be_sound()
    context["workshop"] = workshop_of(database, settings, wall_clock, Metrics())


async def stop(context: dict[str, Any]) -> None:
    await context["workshop"].close()
    await context["workshop"].database.close()


def run(settings: Settings) -> None:
    """Work until told to stop; a message under way is finished first."""
    # arq types what it is given as protocols that no plain function fulfils.
    work: Any = run_due
    minutely: Any = sweep
    before: Any = start
    after: Any = stop
    Worker(
        functions=[work],
        cron_jobs=[
            cron(work, second=SWEEP_SECONDS, run_at_startup=True, unique=False),
            cron(minutely, second={30}, run_at_startup=True, unique=False),
        ],
        redis_settings=RedisSettings.from_dsn(settings.redis_url),
        on_startup=before,
        on_shutdown=after,
        ctx={"settings": settings},
        # arq polls; its default of half a second would be the longest wait in a mail's way.
        poll_delay=0.05,
        max_jobs=2,
        # Its own retries are off: the tables keep count.
        max_tries=1,
        keep_result=0,
        job_timeout=3600,
        job_completion_wait=30,
    ).run()
