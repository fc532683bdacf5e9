"""Inserting rows of a model by SQL: what `tests/volume.py` is made with."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from core.columns import vault

# Rows of one kind have ids of their own.
_KINDS = (
    *("project", "institution", "person", "event", "session", "invitation", "link", "registration", "message"),
    *("batch", "entry", "record", "attendance", "feed", "sheet", "row", "line", "job"),
)
# Functions of the connection's own schema, which go with it.
_FUNCTIONS = """
CREATE FUNCTION pg_temp.id_at(kind int, at timestamptz, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
        || '8' || lpad(to_hex(number), 15, '0'))::uuid
$$;
CREATE FUNCTION pg_temp.number_of(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || lpad(right(replace(id::text, '-', ''), 15), 16, '0'))::bit(64)::bigint
$$;
"""


@asynccontextmanager
async def loading(connection: AsyncConnection) -> AsyncIterator[None]:
    """Without what looks at each row, and without indexes that would be written to for each; they are made anew."""
    await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    await connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
    await connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    found = await connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = "
        "indrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT indisunique"
    )
    indexes = found.all()
    for name, _ in indexes:
        await connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        await connection.exec_driver_sql(definition)


class Filler:
    """One connection's work on an installation that has one project, which becomes the first of many."""

    def __init__(self, connection: AsyncConnection, project_id: UUID, *, at: datetime) -> None:
        self.connection, self.project_id, self.at = connection, project_id, at
        self.now = f"timestamptz '{at.isoformat()}'"

    async def define(self) -> None:
        """Make the functions that ids are made with."""
        for statement in filter(str.strip, _FUNCTIONS.split("$$;")):
            await self.connection.exec_driver_sql(f"{statement}$$")

    def id(self, kind: str, number: str, at: str | None = None) -> str:
        """The id of a row with that number. Where no moment is said, numbers are spread over four years."""
        moment = at or f"({self.now} - interval '1460 days' + interval '1 second' * ({number}))"
        return f"pg_temp.id_at({_KINDS.index(kind)}, {moment}, ({number})::bigint)"

    async def fill(self, model: type[SQLModel], source: str, /, **said: str) -> None:
        """Insert a row for each of the source's, with what is said in SQL, and else with what the model gives."""
        columns: dict[str, sa.ColumnElement[Any]] = {}
        names: Mapping[str, sa.Column[Any]] = sa.inspect(model).columns  # type: ignore[assignment]
        for name, column in names.items():
            if not isinstance(column, sa.Column):
                continue
            if name in said:
                columns[column.name] = sa.literal_column(said[name])
            else:
                given = model.model_fields[name].get_default(call_default_factory=True)
                columns[column.name] = sa.literal(given, column.type)
        chosen = sa.select(*columns.values()).select_from(sa.text(source))
        await self.connection.execute(sa.insert(model).from_select(list(columns), chosen))

    def sealed(self, number: str, letters: int) -> str:
        """An encrypted text of so many letters out of eight."""
        texts = (f"Sayın katılımcı {n}, {'metin ' * letters}"[:letters] for n in range(8))
        pool = ", ".join(f"'{vault.encrypt(text)}'" for text in texts)
        return f"(ARRAY[{pool}])[1 + ({number}) % 8]"
