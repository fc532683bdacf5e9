"""The database is brought forward and back on both kinds."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from migrations import run
from tests.servers import Postgres


def tables_of(url: str) -> set[str]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as database:
            return {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    async def ask() -> set[str]:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain)
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        await connection.close()
        return {row[0] for row in rows}

    return asyncio.run(ask())


def forward_back_and_forward(url: str) -> None:
    run.upgrade(url)
    whole = tables_of(url)
    run.check(url)
    run.downgrade(url, "base")
    assert tables_of(url) <= {"alembic_version"}
    run.upgrade(url)
    assert tables_of(url) == whole


def test_sqlite_goes_forward_back_and_forward_and_agrees_with_the_models(tmp_path: Path) -> None:
    forward_back_and_forward(f"sqlite+aiosqlite:///{tmp_path / 'heyet.db'}")


def test_postgresql_goes_forward_back_and_forward_and_agrees_with_the_models(postgres: Postgres) -> None:
    url = postgres.new_database(empty=True)
    forward_back_and_forward(url)
    postgres.drop(url)


def test_a_sqlite_file_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0001_house")
    assert not file.with_suffix(".before-migration").exists()
    run.upgrade(url)
    with closing(sqlite3.connect(file.with_suffix(".before-migration"))) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001_house",)
