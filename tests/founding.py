"""The project and the staff that every test begins with: made by the services once in each process, then copied."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.db import Database
from tests.people import App

Rows = list[tuple[sa.Table, list[dict[str, Any]]]]


@dataclass
class Founding:
    """What is in the tables then, and what the application's people know of it."""

    project_id: UUID
    accounts: dict[str, UUID]
    tokens: dict[str, str]
    rows: Rows


# By the key that signed what is in the rows.
_done: dict[str, Founding] = {}


async def found(app: App) -> None:
    """Let an empty installation have them."""
    key = app.fastapi.state.settings.key
    first = _done.get(key)
    if first is None:
        await app.found()
        _done[key] = Founding(app.project_id, dict(app.accounts), dict(app.tokens), await _rows(app.database))
        return
    async with app.database.unit_of_work() as db:
        connection = await db.connection()
        for table, rows in first.rows:
            await connection.execute(table.insert(), rows)
    app.project_id, app.accounts, app.tokens = first.project_id, dict(first.accounts), dict(first.tokens)


async def _rows(database: Database) -> Rows:
    """All rows, those first that others refer to."""
    found = []
    async with database.reading() as db:
        connection = await db.connection()
        for table in SQLModel.metadata.sorted_tables:
            rows = (await connection.execute(table.select())).mappings().all()
            if rows:
                found.append((table, [dict(row) for row in rows]))
    return found
