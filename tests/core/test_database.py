"""The connections of an installation to its database."""

import asyncio
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from core.db import IDLE
from core.ids import new_id
from directory.people.models import Institution, Person
from tests.conftest import open_app, settings_for
from tests.people import App


async def test_a_connection_that_the_server_closed_is_replaced_before_anybody_notices(
    postgres_url: str, tmp_path: Path
) -> None:
    async for app in open_app(settings_for(postgres_url, tmp_path)):
        event = await app.event()
        server = await asyncpg.connect(
            make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        )
        closed = await server.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await server.close()
        await asyncio.sleep(IDLE + 0.1)
        answer = await app.api().get(f"/api/v1/events/{event['id']}")
        assert (len(closed) > 0, answer.status_code) == (True, 200)


def chosen() -> Any:
    """People by way of a common table expression, so that the statement begins with WITH."""
    return sa.select(sa.select(col(Person.id)).cte("chosen").c.id)


# Feeds show people, and no institutions.
WRITES: dict[str, Any] = {
    "of all rows": sa.update(Person).values(title="Judge"),
    "after a CTE": sa.update(Person).where(col(Person.id).in_(chosen())).values(title="Judge"),
    "a deletion after a CTE": sa.delete(Person).where(col(Person.id).in_(chosen()), col(Person.title) == "Nobody"),
    "an insertion after a CTE": sa.insert(Person).from_select(["id"], chosen().where(sa.false())),
    "as text": sa.text("UPDATE person SET title = 'Judge'"),
}
WITHIN: dict[str, Any] = {
    "in a CTE": sa.select(sa.update(Person).values(title="Judge").returning(col(Person.id)).cte("written").c.id),
    "beside a query": sa.select(col(Institution.id)).add_cte(sa.update(Person).values(title="Judge").cte("written")),
    "in a CTE of a write to what nobody watches": sa.delete(Institution).where(
        col(Institution.id).in_(
            sa.select(sa.update(Person).values(title="Judge").returning(col(Person.id)).cte("written").c.id)
        )
    ),
}
OTHERS: dict[str, Any] = {
    "a query with a CTE": chosen(),
    "a write to what nobody watches": sa.update(Institution).values(search="x"),
    "a write to what nobody watches, for people": sa.update(Institution)
    .where(col(Institution.id).in_(chosen()))
    .values(search="x"),
    "a marked write": WRITES["after a CTE"].execution_options(unwatched=True),
}


async def rises(app: App, statement: Any) -> bool:
    """Whether what rests on watched tables is old after this statement."""
    before = app.database.generation
    async with app.database.unit_of_work() as db:
        await (await db.connection()).execute(statement)
    return app.database.generation > before


@pytest.mark.parametrize("write", WRITES)
async def test_a_write_to_a_watched_table_is_noticed(app: App, write: str) -> None:
    assert await rises(app, WRITES[write])


@pytest.mark.parametrize("write", WITHIN)
async def test_a_write_inside_another_statement_is_noticed(postgres_url: str, tmp_path: Path, write: str) -> None:
    async for app in open_app(settings_for(postgres_url, tmp_path)):
        assert await rises(app, WITHIN[write])


@pytest.mark.parametrize("statement", OTHERS)
async def test_what_feeds_do_not_show_leaves_them(app: App, statement: str) -> None:
    assert not await rises(app, OTHERS[statement])


async def test_rows_that_a_session_writes_by_itself_are_noticed(app: App) -> None:
    before = app.database.generation
    async with app.database.unit_of_work() as db:
        db.add(Person(id=new_id(), project_id=app.project_id, name="Ayşe", search="ayse"))
    assert app.database.generation > before


async def test_who_gives_up_leaves_no_transaction_behind(sqlite_app: App) -> None:
    """SQLite's one writer: a request that is broken off in its first statement must let the next one write."""

    async def write() -> None:
        async with sqlite_app.database.unit_of_work() as db:
            await db.exec(sa.update(Person).values(title="Judge"))

    for pause in (0.0, 0.0005, 0.001, 0.002):
        broken_off = asyncio.create_task(write())
        await asyncio.sleep(pause)
        broken_off.cancel()
        await asyncio.gather(broken_off, return_exceptions=True)
    async with sqlite_app.database.engine.connect() as one, sqlite_app.database.engine.connect() as other:
        driven: list[Any] = [(await connection.get_raw_connection()).driver_connection for connection in (one, other)]
        assert [connection.in_transaction for connection in driven] == [False, False]
    await asyncio.wait_for(write(), 5)


async def test_a_statement_that_writes_goes_to_sqlites_thread_once_and_a_short_look_not_at_all(
    sqlite_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[object] = []
    go: Any = aiosqlite.Connection._execute

    async def note(self: aiosqlite.Connection, done: Any, *given: Any) -> Any:
        ways.append(done)
        return await go(self, done, *given)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", note)
    async with sqlite_app.database.reading() as db:
        for _ in range(3):
            assert (await db.exec(select(Person.id))).all() == []
    assert ways == []
    async with sqlite_app.database.unit_of_work() as db:
        for _ in range(3):
            await db.exec(sa.update(Person).values(title="x"))
            assert (await db.exec(select(Person.id))).all() == []
    # Three statements, the first of which begins, and what ends them.
    assert len(ways) == 4
