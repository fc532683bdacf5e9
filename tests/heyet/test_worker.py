"""Workers that hardly ever poll: they are woken by news, and look for what no news announced."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from core.db import mark_pending
from heyet import worker
from notifications.delivery import jobs
from notifications.jobs.queue import NEWS, queue_at
from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import Recorder, RedisServer

NEVER = 3600.0
PATIENCE = 60.0


@pytest.fixture
async def app(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """An installation whose work is done by workers, of which none is there yet."""
    async with queue_at(redis_url) as redis:
        await redis.flushdb()
    async for app in open_app(settings_for(database_url, tmp_path, redis_url=redis_url)):
        yield app


@asynccontextmanager
async def working(app: App, count: int = 1) -> AsyncIterator[None]:
    """So many workers that have done all there was and wait."""
    stopping = asyncio.Event()
    context = app.fastapi.state.context
    async with AsyncExitStack() as stack:
        running = [asyncio.create_task(worker.work_with_redis(context, stopping)) for _ in range(count)]
        redis = await stack.enter_async_context(queue_at(context.settings.redis_url))

        async def are_waiting() -> bool:
            # What stands there for later is planned by the calendar.
            is_over = not await redis.zcount("arq:queue", 0, time.time() * 1000)
            return is_over and (await redis.info("clients"))["blocked_clients"] >= count

        await until(are_waiting)
        # The poll after the last job is over, too.
        await asyncio.sleep(0.3)
        yield
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*running), PATIENCE)


async def until(is_so: object) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # type: ignore[operator]
            await asyncio.sleep(0.02)


async def commit(app: App, *keys: str, is_announced: bool = True) -> None:
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message(key, app.clock()) for key in keys])
        if not is_announced:
            db.info.pop("pending", None)


async def are_sent(app: App, count: int) -> bool:
    return [m.state for m in await app.mails("test")] == ["sent"] * count


@pytest.mark.parametrize("count", [1, 3])
async def test_a_worker_that_never_polls_sends_what_it_is_told_of(
    app: App, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK", NEVER)
    async with working(app, count):
        for n in range(1, 6):
            await commit(app, f"told {n}")
            await until(lambda n=n: are_sent(app, n))
    # Each once, however many were woken.
    assert [m.attempts for m in await app.mails("test")] == [1] * 5


async def test_many_at_once_are_all_done_though_there_are_fewer_places(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK", NEVER)
    async with working(app):
        await asyncio.gather(*(commit(app, f"burst {n}") for n in range(20)))
        await until(lambda: are_sent(app, 20))


async def test_a_worker_told_to_stop_in_the_middle_of_a_burst_stops(app: App) -> None:
    async with queue_at(app.fastapi.state.settings.redis_url) as redis:
        for n in range(40):
            for _ in range(10):
                await redis.enqueue_job("run_due")
            stopping = asyncio.Event()
            running = asyncio.create_task(worker.work_with_redis(app.fastapi.state.context, stopping))
            await asyncio.sleep(n / 400)
            stopping.set()
            await asyncio.wait_for(running, PATIENCE)


async def test_what_was_told_between_two_questions_is_heard(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The news stays for whoever asks later, unlike that of a channel to which nobody listens just then."""
    await commit(app, "before anybody came")
    async with queue_at(app.fastapi.state.settings.redis_url) as redis:
        await until(lambda: redis.exists(NEWS))
    monkeypatch.setattr(jobs, "LOOK", NEVER)
    async with working(app):
        await until(lambda: are_sent(app, 1))


async def test_what_no_news_announced_is_found_by_a_look(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LOOK", 0.5)
    async with working(app):
        await commit(app, "unannounced", is_announced=False)
        await until(lambda: are_sent(app, 1))


async def test_news_is_of_a_fixed_size_though_nobody_hears_it(app: App) -> None:
    async with queue_at(app.fastapi.state.settings.redis_url) as redis:
        for _ in range(3):
            async with app.database.unit_of_work() as db:
                mark_pending(db)
        await until(lambda: redis.exists(NEWS))
        assert await redis.xlen(NEWS) == 1


async def test_the_next_look_is_when_something_is_due(app: App) -> None:
    context = app.fastapi.state.context
    assert await jobs.next_due(context) is None
    await commit(app, "one", is_announced=False)
    assert await jobs.next_due(context) == app.clock()
    await app.work()
    assert await jobs.next_due(context) is None


async def test_a_mailing_that_loses_redis_ends_with_what_is_noted_and_goes_on_without_it(
    database_url: str, tmp_path: Path, recorder: Recorder
) -> None:
    redis = RedisServer()
    redis.start()
    settings = settings_for(
        database_url,
        tmp_path,
        redis_url=redis.url,
        smtp_host="127.0.0.1",
        smtp_port=recorder.port,
        smtp_security="none",
    )
    async for app in open_app(settings):
        await commit(app, *(f"mailing {n}" for n in range(600)), is_announced=False)
        context = app.fastapi.state.context
        running = asyncio.create_task(worker.work_with_redis(context, asyncio.Event()))
        while len(recorder.ids) < 40:
            await asyncio.sleep(0.001)
        redis.stop()
        with pytest.raises((RedisError, OSError)):
            await asyncio.wait_for(running, PATIENCE)
        sent = [mail for mail in await app.mails("test") if mail.state == "sent"]
        assert (len(sent), len(sent) < 600) == (len(recorder.ids), True)
        app.clock.forward(minutes=1)
        await app.work()
        assert (len(recorder.ids), len(set(recorder.ids))) == (600, 600)
