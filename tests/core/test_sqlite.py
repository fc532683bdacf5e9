"""SQLite's one connection for a unit of work: all of it is kept or nothing, whatever the driver or the disk does."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from core.db import Database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "numbers.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{file}")
    async with database.unit_of_work() as db:
        await run(db, "CREATE TABLE number (n INTEGER PRIMARY KEY)")
    yield database
    await database.close()


def kept(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        return [n for (n,) in connection.execute("SELECT n FROM number ORDER BY n")]


async def run(db: AsyncSession, statement: str) -> None:
    await (await db.connection()).execute(sa.text(statement))


async def test_who_tries_again_where_another_process_wrote_is_still_within_a_transaction(
    database: Database, file: Path
) -> None:
    async def write(other: sqlite3.Connection) -> None:
        async with database.unit_of_work() as db:
            raw: Any = (await (await db.connection()).get_raw_connection()).driver_connection
            await raw.execute("PRAGMA busy_timeout=10")
            with pytest.raises(sa.exc.OperationalError, match="locked"):
                await run(db, "INSERT INTO number VALUES (1)")
            other.execute("COMMIT")
            await run(db, "INSERT INTO number VALUES (2)")
            raise ZeroDivisionError

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ZeroDivisionError):
            await write(other)
    assert kept(file) == []


async def test_nothing_follows_in_a_transaction_that_sqlite_has_rolled_back_by_itself(
    database: Database, file: Path
) -> None:
    """As it does where the disk is full."""

    async def write() -> None:
        async with database.unit_of_work() as db:
            await run(db, "INSERT INTO number VALUES (2)")
            with pytest.raises(sa.exc.IntegrityError):
                await run(db, "INSERT OR ROLLBACK INTO number VALUES (1)")
            await run(db, "INSERT INTO number VALUES (3)")

    async with database.unit_of_work() as db:
        await run(db, "INSERT INTO number VALUES (1)")
    with pytest.raises(sa.exc.OperationalError, match="rolled it back"):
        await write()
    assert kept(file) == [1]
    async with database.unit_of_work() as db:
        await run(db, "INSERT INTO number VALUES (4)")
    assert kept(file) == [1, 4]


async def test_whatever_is_broken_off_at_whatever_moment_is_kept_whole_or_not_at_all(
    database: Database, file: Path
) -> None:
    chance, done = random.Random(7), set()

    async def write(n: int) -> None:
        async with database.unit_of_work() as db:
            await run(db, f"INSERT INTO number VALUES ({n})")
            await asyncio.sleep(chance.choice([0, 0.001]))
            await run(db, f"INSERT INTO number VALUES ({-n})")
        done.add(n)

    async def read(_: int) -> None:
        async with database.reading() as db:
            connection = await db.connection()
            first, second = [await connection.scalar(sa.text("SELECT sum(n) FROM number")) for _ in range(2)]
            assert (first or 0, second or 0) == (0, 0)

    async def break_off(n: int) -> None:
        under_way = asyncio.create_task((write if n % 3 else read)(n))
        for _ in range(n % 4):
            await asyncio.sleep(chance.random() / 100)
            under_way.cancel()
        assert {type(error) for error in await asyncio.gather(under_way, return_exceptions=True)} <= {
            type(None),
            asyncio.CancelledError,
        }

    for start in range(1, 300, 20):
        await asyncio.gather(*(break_off(n) for n in range(start, start + 20)))
    written = kept(file)
    assert (sum(written), done <= set(written)) == (0, True)
    # Nobody holds the writer's place any more.
    await asyncio.wait_for(write(1000), 5)


def counting_to(most: int) -> str:
    """SQL that counts so far, which takes as long."""
    return (
        f"SELECT count(*) FROM (WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t WHERE x < {most}) "
        "SELECT x FROM t)"
    )


async def asked(db: AsyncSession, statement: str) -> int:
    return int((await (await db.connection()).execute(sa.text(statement))).scalar_one())


@pytest.mark.parametrize("most", [3_000_001, 3_000_002])
async def test_others_have_their_turn_while_somebody_looks_for_long(database: Database, most: int) -> None:
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(take_turns())
    async with database.reading() as db:
        found = [await asked(db, counting_to(most)) for _ in range(2)]
    others.cancel()
    assert found == [most, most]
    assert turns > 1_000


async def test_a_look_that_takes_long_breaks_nothing_off_but_itself(database: Database, file: Path) -> None:
    async with database.unit_of_work() as db:
        await run(db, "INSERT INTO number VALUES (1)")
        assert await asked(db, counting_to(400_000)) == 400_000
        await run(db, "INSERT INTO number VALUES (2)")
    assert kept(file) == [1, 2]


async def test_a_look_sees_one_moment_and_holds_nothing_once_it_is_over(database: Database, file: Path) -> None:
    how_many = "SELECT count(*) FROM number"
    async with database.reading() as db:
        before = await asked(db, how_many)
        async with database.unit_of_work() as other:
            await run(other, "INSERT INTO number VALUES (1)")
        assert (before, await asked(db, how_many)) == (0, 0)
    # Raises StillRead where somebody stands in the journal.
    await database.compact([])
    async with database.reading() as db:
        assert await asked(db, how_many) == 1


async def test_a_short_look_stays_one_however_often_it_is_made(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[object] = []
    go: Any = aiosqlite.Connection._execute

    async def note(self: aiosqlite.Connection, done: Any, *given: Any) -> Any:
        ways.append(done)
        return await go(self, done, *given)

    async with database.reading() as db:
        assert await asked(db, "SELECT count(*) FROM number WHERE n = 7") == 0
        monkeypatch.setattr(aiosqlite.Connection, "_execute", note)
        for _ in range(3_000):
            await asked(db, "SELECT count(*) FROM number WHERE n = 7")
    assert ways == []


async def test_a_look_after_sqlite_has_rolled_back_by_itself_says_so(database: Database) -> None:
    async def look() -> None:
        async with database.unit_of_work() as db:
            await run(db, "INSERT INTO number VALUES (1)")
            with pytest.raises(sa.exc.IntegrityError):
                await run(db, "INSERT OR ROLLBACK INTO number VALUES (1)")
            await asked(db, "SELECT count(*) FROM number")

    with pytest.raises(sa.exc.OperationalError, match="SQLite has rolled it back"):
        await look()
