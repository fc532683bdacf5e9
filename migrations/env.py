"""Alembic's environment: one set of migrations for SQLite and PostgreSQL."""

import asyncio
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from core.columns import EncryptedDocument, EncryptedText
from core.settings import Settings
from migrations import tables  # noqa: F401  all tables, for comparison


def _written(kind: str, column_type: Any, generating: AutogenContext) -> str | Literal[False]:
    """Column types in a new migration stand for themselves: it has to run when the code they came from is gone."""
    if kind != "type":
        return False
    if isinstance(column_type, UTCDateTime):
        generating.imports.add("from sqlmodel.sql.sqltypes import UTCDateTime")
        return "UTCDateTime()"
    if isinstance(column_type, EncryptedText | EncryptedDocument):
        return "sa.Text()"
    if isinstance(column_type, AutoString | sa.Enum):
        return f"sa.String(length={column_type.length})" if column_type.length else "sa.String()"
    if isinstance(column_type, sa.JSON):
        generating.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _run(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        # A migration that cannot get its lock gives up instead of queueing everybody behind it.
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.exec_driver_sql("SET statement_timeout = '5min'")
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_written,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_on_sqlite(url: sa.URL) -> None:
    # Some thousand short statements, one after another: handed to a thread each, they take three times as long.
    engine = sa.create_engine(url.set(drivername="sqlite"))
    with engine.begin() as connection:
        _run(connection)
    engine.dispose()


async def _run_on_postgres(url: sa.URL) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


# Alembic's own command line hands nothing in: it is meant for this installation.
_url = sa.make_url(context.config.attributes.get("url") or Settings().database)
if _url.get_backend_name() == "sqlite":
    _run_on_sqlite(_url)
else:
    asyncio.run(_run_on_postgres(_url))
