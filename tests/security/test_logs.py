"""Logs name nobody, whatever goes wrong."""

import io
import logging
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
import structlog

from core.observe import set_up_logs
from tests.people import App
from tests.processes import Forked

NAME, ADDRESS, TYPED = "Zerrin Planted", "zerrin.planted@example.org", "a planted secret"
PLANTED = re.compile("planted", re.IGNORECASE)


@pytest.fixture(params=["text", "json"])
def lines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to standard error, by whichever way."""
    root, seen = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", seen)
        set_up_logs(request.param)
        yield seen
    root.handlers[:], root.level = before
    set_up_logs("text")


async def break_table(app: App, table: str) -> None:
    async with app.database.unit_of_work() as db:
        await (await db.connection()).execute(sa.text(f"ALTER TABLE {table} RENAME TO gone"))


async def test_a_database_that_refuses_leaves_no_value_in_the_logs(app: App, lines: io.StringIO) -> None:
    event = await app.event(title=TYPED)
    await app.invite(event, [NAME])
    client = app.api()
    client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    await break_table(app, "session")
    plan = app.plan(title=TYPED, sessions=[{"title": TYPED, "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}])
    assert (await client.post("/api/v1/events", json=plan)).status_code == 500
    said = lines.getvalue()
    assert "broken" in said
    assert not PLANTED.search(said)


async def test_the_text_of_a_database_error_itself_holds_no_value(app: App) -> None:
    async with app.database.reading() as db:
        with pytest.raises(sa.exc.DBAPIError) as caught:
            await (await db.connection()).execute(sa.text("SELECT * FROM nowhere WHERE x = :x"), {"x": TYPED})
    assert not PLANTED.search(str(caught.value))


async def test_a_job_and_a_sweep_that_fail_say_where_and_not_for_whom(app: App, lines: io.StringIO) -> None:
    event = await app.event()
    await app.name_people(event, [NAME])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await break_table(app, "personal_link")
    await app.work()
    said = lines.getvalue()
    assert "job failed" in said
    assert not PLANTED.search(said)


def test_libraries_that_log_by_themselves_say_neither_values_nor_texts_of_errors(
    lines: io.StringIO,
) -> None:
    for name in ("uvicorn.error", "asyncio", "aiosmtpd.smtp", "sqlalchemy.pool", "arq.worker"):
        logger = logging.getLogger(name)
        try:
            raise ValueError(TYPED)
        except ValueError as error:
            logger.exception("Exception in ASGI application\n", exc_info=error)
            logger.error(f"<Task exception={error!r}>")
        logger.error("%s cannot be reached", ADDRESS)
    said = lines.getvalue()
    assert "uvicorn.error: Exception in ASGI application" in said
    assert "cannot be reached" in said
    assert "ValueError" in said
    assert not PLANTED.search(said)


def test_a_log_line_of_ours_drops_the_text_of_its_error(lines: io.StringIO) -> None:
    structlog.get_logger().error("broken", exc_info=ValueError(TYPED))
    said = lines.getvalue()
    assert "ValueError" in said
    assert not PLANTED.search(said)


def test_a_server_that_breaks_under_a_request_prints_no_value(tmp_path: Path) -> None:
    installation = Forked(tmp_path)
    with installation.serving() as running:
        with closing(sqlite3.connect(tmp_path / "var" / "heyet.db")) as database:
            database.execute("ALTER TABLE sign_in RENAME TO gone")
        cookies = {"heyet_session": "planted-session"}
        with httpx2.Client(base_url=installation.url, cookies=cookies) as client:
            assert client.get(f"/people?q={NAME}").status_code == 500
    assert "uvicorn.error: Exception in ASGI application" in running.output
    assert "Traceback" not in running.output
    assert not PLANTED.search(running.output)
