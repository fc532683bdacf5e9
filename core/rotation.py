"""Brings everything that a former key encrypted or signed under the present one, in small steps.

Columns are found by their types and files by their first letters, so none is forgotten. Each step is a unit of work of
its own, and what is under the present key already is left alone: the work may be stopped anywhere and begun again.
Until it is done, both keys have to be given, and every process has to write with the present one.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import EncryptedDocument, EncryptedText, vault
from core.db import Database, StillRead
from core.errors import FileGone, Unfit
from core.files import FileStore
from core.personal_data import REGISTRY, column_of, files_named
from core.sealing import sign_anew

BATCH = 200
# A file is kept before the row that names it is committed, by minutes at most.
BEING_SENT = timedelta(minutes=10)


@dataclass
class Rotation:
    """How much came under the present key. `left`: files that no row names yet."""

    values: int = 0
    files: int = 0
    signatures: int = 0
    left: int = 0


async def rotate(database: Database, files: FileStore, *, at: datetime) -> Rotation:
    """Everything. Looks again until nothing is found: a process that was not started anew may still write with the
    former key."""
    done, tables = Rotation(), encrypted_columns(SQLModel.metadata)
    while True:
        count = sum([await _rotate_table(database, table, names) for table, names in tables.items()])
        done.values += count
        if not count:
            break
    done.files, done.left = await _rotate_files(database, files, at=at)
    done.signatures = await _sign(database)
    try:
        # What was encrypted with the former key is not left in free pages.
        await database.compact([table.name for table in tables])
    except StillRead:
        await asyncio.sleep(1)
        await database.compact([table.name for table in tables])
    return done


def encrypted_columns(metadata: sa.MetaData) -> dict[sa.Table, list[str]]:
    """Every column that only the key can read, by table."""
    found: dict[sa.Table, list[str]] = {}
    for table in metadata.sorted_tables:
        names = [c.name for c in table.columns if isinstance(c.type, EncryptedText | EncryptedDocument)]
        if names:
            found[table] = names
    return found


async def _rotate_table(database: Database, table: sa.Table, names: list[str]) -> int:
    (key,) = table.primary_key.columns
    # As it lies in the database: ciphertext.
    raw = sa.table(table.name, sa.column(key.name, key.type), *(sa.column(n, sa.Text()) for n in names))
    documents = {n for n in names if isinstance(table.c[n].type, EncryptedDocument)}
    last, count = None, 0
    while True:
        async with database.unit_of_work() as db:
            connection = await db.connection()
            wanted = sa.select(raw).order_by(raw.c[key.name]).limit(BATCH).with_for_update()
            if last is not None:
                wanted = wanted.where(raw.c[key.name] > last)
            rows = (await connection.execute(wanted)).mappings().all()
            renewed = [(row[key.name], values) for row in rows if (values := _renewed(row, names, documents))]
            if renewed:
                async with _without_guards(connection, table.name):
                    for id, values in renewed:
                        await connection.execute(raw.update().where(raw.c[key.name] == id).values(**values))
        count += sum(len(values) for _, values in renewed)
        if len(rows) < BATCH:
            return count
        last = rows[-1][key.name]


def _renewed(row: sa.RowMapping, names: list[str], documents: set[str]) -> dict[str, str]:
    """The values of a row that have to be written, encrypted anew."""
    return {name: new for name in names if row[name] and (new := _anew(row[name], name in documents)) != row[name]}


def _anew(locked: str, is_document: bool) -> str:
    is_formers = vault.is_formers(locked.encode())
    if not is_document:
        return vault.encrypt(vault.decrypt(locked)) if is_formers else locked
    try:
        content = json.loads(vault.decrypt(locked))
    except Unfit:  # no key that was given opens it: nothing to be done here
        return locked
    inside = _inside(content)
    return vault.encrypt(json.dumps(inside)) if is_formers or inside != content else locked


def _inside(content: Any) -> Any:
    """A document may hold what was encrypted by itself before."""
    if isinstance(content, dict):
        return {name: _inside(one) for name, one in content.items()}
    if isinstance(content, list):
        return [_inside(one) for one in content]
    return _anew(content, False) if isinstance(content, str) else content


@asynccontextmanager
async def _without_guards(connection: AsyncConnection, table: str) -> AsyncIterator[None]:
    """A row that is kept as it is says the same under another key: its triggers rest until the end of the batch, and
    are there again before it is committed."""
    if connection.dialect.name == "postgresql":
        found = await connection.execute(
            sa.text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"),
            {"table": table},
        )
        names = found.scalars().all()
        for name in names:
            await connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
        yield
        for name in names:
            await connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"')
        return
    found = await connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
        {"table": table},
    )
    triggers = found.all()
    for name, _ in triggers:
        await connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, sql in triggers:
        await connection.exec_driver_sql(sql)


async def _rotate_files(database: Database, files: FileStore, *, at: datetime) -> tuple[int, int]:
    """Each file that a former key opens is kept anew under another hash; rows follow, then the old one goes. What the
    store has encrypted itself stays under its hash."""
    count = left = 0
    for kept in await asyncio.to_thread(lambda: list(files.all())):
        try:
            if await asyncio.to_thread(files.seal_anew, kept.hash):
                count += 1
                continue
            content = await asyncio.to_thread(files.read, kept.hash)
        except FileGone:
            continue
        if not vault.is_formers(content):
            continue
        fresh = await asyncio.to_thread(files.keep, vault.seal(vault.unseal(content)))
        async with database.unit_of_work() as db:
            is_named = await _rename(db, kept.hash, fresh)
        if is_named:
            await asyncio.to_thread(files.drop, kept.hash)
            count += 1
            continue
        await asyncio.to_thread(files.drop, fresh)
        if kept.changed < (at - BEING_SENT).timestamp():
            # A row that went on to the new one before the work was stopped, or none at all.
            await asyncio.to_thread(files.drop, kept.hash)
        else:
            left += 1
    return count, left


async def _rename(db: AsyncSession, old: str, new: str) -> bool:
    named = 0
    for entry in files_named(REGISTRY):
        for name in entry.columns:
            done = await db.exec(update(entry.table).where(column_of(entry.table, name) == old).values({name: new}))
            named += done.rowcount
    return named > 0


async def _sign(database: Database) -> int:
    position, count = 0, 0
    while True:
        async with database.unit_of_work() as db:
            step = await sign_anew(db, position)
        if step is None:
            return count
        position, count = step.position, count + step.count
