"""Alembic's environment: one set of migrations for SQLite and PostgreSQL."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from migrations import tables  # noqa: F401  all tables, for comparison


def _run(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        # A migration that cannot get its lock gives up instead of queueing everybody behind it.
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.exec_driver_sql("SET statement_timeout = '5min'")
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def _connect() -> None:
    engine = create_async_engine(context.config.attributes["url"])
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_connect())
