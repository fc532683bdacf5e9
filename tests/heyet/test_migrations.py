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


def test_events_planned_before_there_were_states_get_theirs(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0002_guards")
    columns = (
        "id, project_id, code, title, search, kind, state, description, venue, country, first_day, last_day, zone, places, taken, "
        "is_overbooked, sequence, revision, created_at, changed_at"
    )
    with closing(sqlite3.connect(file)) as database:
        for code, state in (("A", "planned"), ("B", "cancelled")):
            values = (f"{code * 32}", "C" * 32, code, code, code, "other", state, "", "", "TR", "2026-01-01", "2026-01-02", "UTC", 5, 0, 0, 0, 0,
                      "2026-01-01 00:00:00", "2026-01-01 00:00:00")  # fmt: skip
            database.execute(f"INSERT INTO event ({columns}) VALUES ({', '.join('?' * len(values))})", values)
        database.commit()
    run.upgrade(url)
    with closing(sqlite3.connect(file)) as database:
        found = database.execute(
            "SELECT code, state, confidentiality, languages FROM event ORDER BY code"
        ).fetchall()
    assert found == [("A", "draft", "by-link", "[]"), ("B", "cancelled", "by-link", "[]")]
