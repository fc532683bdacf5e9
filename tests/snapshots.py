"""What tests begin with, made through the application once in each process and then copied row by row."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.db import Database

Rows = dict[sa.Table, dict[tuple[Any, ...], dict[str, Any]]]
WITHOUT_TRIGGERS = (
    "SELECT set_config('session_replication_role', 'replica', true) WHERE current_setting('is_superuser') = 'on'"
)


@dataclass
class Snapshot:
    """What somebody did to an installation: the rows and files it left, and what they know since."""

    new: list[tuple[sa.Table, list[dict[str, Any]]]]
    changed: list[tuple[sa.Table, list[dict[str, Any]]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    known: Any = None


async def taken(database: Database, var: Path, make: Callable[[], Awaitable[Any]]) -> Snapshot:
    """Let it be done, and keep what it did. Whoever deletes rows cannot be copied."""
    before, had = await _rows(database), _files(var)
    known = await make()
    after = await _rows(database)
    new, changed = [], []
    for table, rows in after.items():
        old = before[table]
        assert old.keys() <= rows.keys(), f"rows of {table.name} were deleted"
        if added := [row for key, row in rows.items() if key not in old]:
            new.append((table, added))
        if others := [row for key, row in rows.items() if key in old and row != old[key]]:
            changed.append((table, others))
    files = {name: content for name, content in _files(var).items() if had.get(name) != content}
    return Snapshot(new, changed, files, known)


async def put(snapshot: Snapshot, database: Database, var: Path) -> None:
    """Do it again, to an installation that stands where that one stood."""
    async with database.unit_of_work() as db:
        connection = await db.connection()
        # Rows may come before those that they refer to, and guards against changes were asked the first time.
        is_sqlite = connection.dialect.name == "sqlite"
        await connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON" if is_sqlite else WITHOUT_TRIGGERS)
        for table, rows in snapshot.new:
            await connection.execute(table.insert(), rows)
        for table, rows in snapshot.changed:
            keys = table.primary_key.columns
            others = [column for column in table.columns if not column.primary_key]
            change = table.update().where(*(c == sa.bindparam(f"_{c.name}") for c in keys))
            values = {c.name: sa.bindparam(f"_{c.name}", type_=c.type) for c in others}
            await connection.execute(change.values(values), [{f"_{name}": v for name, v in r.items()} for r in rows])
    for name, content in snapshot.files.items():
        file = var / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


async def _rows(database: Database) -> Rows:
    """All rows by their keys, tables that others refer to first."""
    async with database.reading() as db:
        connection = await db.connection()
        tables = SQLModel.metadata.sorted_tables
        found: Rows = {table: {} for table in tables}
        # Most are empty: to ask for all at once is one statement instead of a hundred.
        has_rows = (
            await connection.execute(sa.select(*(sa.exists(sa.select(1).select_from(t)) for t in tables)))
        ).one()
        for table in itertools.compress(tables, has_rows):
            keys = [column.name for column in table.primary_key.columns]
            rows = (await connection.execute(table.select())).mappings().all()
            found[table] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    return found


def _files(var: Path) -> dict[str, bytes]:
    """What lies in the folder beside a database that is open."""
    return {
        str(file.relative_to(var)): file.read_bytes()
        for file in var.rglob("*")
        if file.is_file() and not file.name.startswith("heyet.db")
    }
