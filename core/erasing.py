"""Doing to tables what their registry says: emptying a person's rows, taking them out of what others wrote, showing
what is theirs, and finding files that no row names any more. Knows tables, and nothing of what they are about."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only
from sqlmodel import delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.files import FileStore
from core.mentions import Mention
from core.personal_data import REGISTRY, Erasing, PersonalData, Subject, column_of, emptied, files_named
from core.rows import batches

# The job that takes a person out of what others wrote.
JOB = "events.erase"
BATCH = 200
# The primary key of a row.
Key = tuple[Any, ...]
# A file is written before the row that names it: one that is younger may be on its way.
ORPHAN_AFTER = timedelta(hours=1)


async def empty(db: AsyncSession, subject: Subject) -> list[str]:
    """Empty and delete what the registry says of the person's own rows. Returns the hashes of files that were
    theirs."""
    hashes = await _files_of(db, subject)
    # All are found before the first is emptied: what is emptied may be what the next ones are found by.
    found = await _meant(db, Erasing.blank, subject)
    going = await _meant(db, Erasing.delete, subject)
    for entry, keys in found:
        values = {name: emptied(entry.table, name) for name in entry.columns}
        for some in batches(keys, BATCH):
            await db.exec(update(entry.table).where(_with(entry, some)).values(**values))
    for entry, keys in going:
        for some in batches(keys, BATCH):
            await db.exec(delete(entry.table).where(_with(entry, some)))
    return hashes


async def _meant(db: AsyncSession, erasing: Erasing, subject: Subject) -> list[tuple[PersonalData, list[Key]]]:
    """Entries of the registry with the keys of their rows. Several of one table by one condition are looked for once:
    a table may be large, and a mailbox stands in no index."""
    known: dict[Any, list[Key]] = {}
    meant = [entry for entry in REGISTRY if entry.erasing is erasing]
    for entry in meant:
        if (entry.table, entry.whose) not in known:
            known[entry.table, entry.whose] = await _keys(db, entry, subject)
    return [(entry, known[entry.table, entry.whose]) for entry in meant]


async def _keys(db: AsyncSession, entry: PersonalData, subject: Subject) -> list[Key]:
    """Keys of all rows that are meant."""
    wanted: Any = sa.select(*_key_of(entry)).where(entry.whose(entry.table, subject))
    return [tuple(key) for key in (await db.exec(wanted)).all()]


def _key_of(entry: PersonalData) -> list[sa.Column[Any]]:
    return list(sa.inspect(entry.table).primary_key)


def _with(entry: PersonalData, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """Rows with these keys."""
    columns = _key_of(entry)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.or_(*(sa.and_(*(c == v for c, v in zip(columns, key, strict=True))) for key in keys))


async def _files_of(db: AsyncSession, subject: Subject) -> list[str]:
    hashes: set[str] = set()
    for entry in files_named(REGISTRY):
        for name in entry.columns if entry.erasing in (Erasing.blank, Erasing.delete) else ():
            column = column_of(entry.table, name)
            found = await db.exec(select(column).where(entry.whose(entry.table, subject), column != ""))
            hashes.update(found.all())
    return sorted(hashes)


def redacting() -> list[PersonalData]:
    return [entry for entry in REGISTRY if entry.erasing is Erasing.redact]


async def next_keys(db: AsyncSession, entry: PersonalData, subject: Subject, after: Key | None) -> Sequence[Key]:
    """Keys of the next rows that may name the person; none after the last. Reads nothing else, so that no row can stop
    it."""
    keys = _key_of(entry)
    rows: Any = sa.select(*keys).where(entry.whose(entry.table, subject)).order_by(*keys).limit(BATCH)
    if after is not None:
        rows = rows.where(sa.tuple_(*keys) > sa.tuple_(*map(_bound, after, keys)))
    return [tuple(key) for key in (await db.exec(rows)).all()]


async def redact(db: AsyncSession, entry: PersonalData, mention: Mention, keys: Sequence[Key]) -> None:
    """Take the person out of these rows. May run twice: what is gone is not found again."""
    table: Any = entry.table
    # Nothing else is read: the rest of a row may be long, and every encrypted text of it would be decrypted.
    columns = load_only(*(getattr(table, name) for name in entry.columns))
    found: Any = await db.exec(sa.select(table).options(columns).where(_with(entry, keys)))  # type: ignore[call-overload]
    for row in found.scalars().all():
        before = {name: getattr(row, name) for name in entry.columns}
        kept = {name: entry.redact(value, mention) for name, value in before.items()}
        if kept == before:
            continue
        if entry.is_one:
            kept = {name: type(value)() for name, value in before.items()}
        for name, value in kept.items():
            setattr(row, name, value)
    await db.flush()


def _bound(value: Any, column: sa.Column[Any]) -> Any:
    return sa.literal(value, column.type)


async def show(db: AsyncSession, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """What is kept in the person's own rows, by table: what they may see and take along."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for entry in REGISTRY:
        if not entry.is_shown or entry.is_file or entry.erasing is Erasing.redact:
            continue
        columns = [column_of(entry.table, name) for name in entry.columns]
        whose = entry.whose(entry.table, subject)
        if "project_id" in entry.table.model_fields:
            project = column_of(entry.table, "project_id")
            whose = sa.and_(whose, sa.or_(project.is_(None), project.in_(subject.projects)))
        keys = list(sa.inspect(entry.table).primary_key)
        wanted: Any = sa.select(*columns).where(whose).order_by(*keys)
        found = (await db.exec(wanted)).all()
        rows = [{n: v for n, v in zip(entry.columns, row, strict=True) if v} for row in found]
        shown.setdefault(entry.name, []).extend(row for row in rows if row)
    return {table: rows for table, rows in shown.items() if rows}


async def drop_files(db: AsyncSession, files: FileStore, hashes: Sequence[str]) -> int:
    """Remove these files, as far as no row names them any more. Raises StorageAway."""
    named = await _named(db)
    gone = [hash for hash in hashes if hash not in named]
    await asyncio.to_thread(_drop, files, gone)
    return len(gone)


async def drop_orphans(db: AsyncSession, files: FileStore, *, at: datetime) -> int:
    """Remove files that no row names and that are not just being written. Raises StorageAway."""
    named = await _named(db)
    old = (at - ORPHAN_AFTER).timestamp()
    kept = await asyncio.to_thread(lambda: list(files.all()))
    gone = [one.hash for one in kept if one.hash not in named and one.changed < old]
    await asyncio.to_thread(_drop, files, gone)
    return len(gone)


def _drop(files: FileStore, hashes: Sequence[str]) -> None:
    for hash in hashes:
        files.drop(hash)


async def _named(db: AsyncSession) -> set[str]:
    named: set[str] = set()
    for entry in files_named(REGISTRY):
        for name in entry.columns:
            named.update((await db.exec(select(column_of(entry.table, name)).distinct())).all())
    return named


def tables() -> Iterator[str]:
    """Every table of the registry, once."""
    yield from dict.fromkeys(entry.name for entry in REGISTRY)
