"""SQLite's one connection for a unit of work: all of it is kept or nothing, whatever the driver or the disk does."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

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
