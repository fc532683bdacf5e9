"""Redis and PostgreSQL that stop, hang, forget or crash under running processes: work goes on, nothing is lost."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from core.columns import vault
from core.db import Database
from core.settings import Settings
from tests import servers
from tests.conftest import KEY
from tests.notifications.test_kills import enqueue_many
from tests.people import FORM_TOKEN
from tests.processes import Forked, Installation, Running
from tests.servers import Postgres, Recorder, RedisServer, wait_for_port


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.go_on()
    server.stop()


def installed(folder: Path, url: str, redis: RedisServer, recorder: Recorder) -> Installation:
    return Forked(
        folder,
        database_url=url,
        redis_url=redis.url,
        smtp_host="127.0.0.1",
        smtp_port=recorder.port,
        smtp_security="none",
        smtp_timeout=0.5,
    )


@contextmanager
def working(installation: Installation, *commands: str) -> Iterator[list[Running]]:
    running = [installation.start(command) for command in commands]
    try:
        yield running
    finally:
        codes = [process.stop(signal.SIGTERM) for process in running]
    assert set(codes) <= {0, -signal.SIGTERM}, "\n".join(process.output for process in running)


def until(recorder: Recorder, count: int, *, seconds: float = 60) -> int:
    """How many different mails have arrived, once they are so many or the time is over."""
    ends = time.monotonic() + seconds
    while len(set(recorder.ids)) < count and time.monotonic() < ends:
        time.sleep(0.05)
    return len(set(recorder.ids))


def ask_for_link(installation: Installation) -> int:
    """What somebody does who wants to sign in; one mail is enqueued."""
    with httpx2.Client(base_url=installation.url, timeout=20) as browser:
        token = FORM_TOKEN.search(browser.get("/sign-in/link").text)
        assert token
        form = {"form_token": token[1], "address": "elif.karaca@example.org"}
        return browser.post("/sign-in/link", data=form).status_code


def test_links_are_mailed_while_redis_is_gone_empty_or_silent(
    tmp_path: Path, postgres: Postgres, own_redis: RedisServer, recorder: Recorder
) -> None:
    url = postgres.new_database()
    installation = installed(tmp_path, url, own_redis, recorder)
    installation.run("demo")
    with working(installation, "serve", "worker"):
        wait_for_port(installation.port)
        before = until(recorder, 1, seconds=5)
        seen = []
        for disturb in (own_redis.stop, own_redis.start, own_redis.hold_up, own_redis.go_on):
            disturb()
            seen.append((ask_for_link(installation) < 400, until(recorder, before + 1 + len(seen)) - before))
    postgres.drop(url)
    assert seen == [(True, 1), (True, 2), (True, 3), (True, 4)]


def test_a_database_that_crashes_under_its_workers_loses_no_mail(
    tmp_path: Path, own_redis: RedisServer, recorder: Recorder
) -> None:
    vault.use(KEY)
    with servers.own_postgres() as server:
        url = Postgres(server.get_uri()).new_database()

        async def prepare() -> None:
            database = Database(url)
            await enqueue_many(database, 1000)
            await database.close()

        asyncio.run(prepare())
        crashes = 0
        with working(installed(tmp_path, url, own_redis, recorder), "worker", "worker"):
            for reached in (150, 400, 700):
                assert until(recorder, reached) >= reached
                servers.crash(server)
                crashes += 1
            assert until(recorder, 1000, seconds=120) == 1000
    # Each connection of each worker may have had one message taken and not noted.
    assert len(recorder.ids) - 1000 <= 2 * crashes * Settings.model_fields["smtp_connections"].default
