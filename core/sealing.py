"""Shows whether the history is as it was written: each entry is signed, and a chain of seals holds what was there and
when.

`audit.record` signs an entry with a key that is not in the database, so nobody adds one past Heyet. A sweep puts a seal
on what has been committed: a hash over the entry and the seal before it, so nothing sealed is changed, taken out or put
between without breaking every seal that follows. Writers wait for nobody: seals come in the order in which the sweep
finds entries.

Hashes need no key, the signature of each seal does: a new key signs anew and breaks no link. Where the chain ends is
remembered in a file outside the database as well, so its end cannot be cut off either.
"""

import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import AuditEntry, AuditSeal, content_of
from core.columns import vault
from core.db import Database
from core.private import FOLDER, private_opener

BATCH = 500
# Entries begin with the millisecond in which they were made; none is committed as much later as this.
LATEST_COMMIT = timedelta(hours=1)
UNSEALED = timedelta(hours=1)
MOST_WORDS = 20
BEGINNING = "0" * 64
_SEALERS = 0x68657965


@dataclass(frozen=True)
class Head:
    """The last seal: how many there are, and the hash that all of them lead to."""

    position: int
    link: str


async def seal_next(db: AsyncSession, *, at: datetime, everything: bool = False) -> Head | None:
    """Seal up to BATCH entries that have none. Returns the new head, or nothing where there was nothing to seal.

    Looks among the latest entries, or with `everything` among all.
    """
    connection = await db.connection()
    if connection.dialect.name == "postgresql":
        # One sealer at a time; whoever writes entries never asks for this lock.
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALERS})
    last = await _last(db)
    wanted = (
        select(AuditEntry)
        .join(AuditSeal, col(AuditSeal.entry_id) == col(AuditEntry.id), isouter=True)
        .where(col(AuditSeal.entry_id).is_(None))
        .order_by(col(AuditEntry.id))
        .limit(BATCH)
    )
    if last and not everything:
        wanted = wanted.where(col(AuditEntry.id) > _made_before(last.entry_id))
    entries = (await db.exec(wanted)).all()
    position, link = (last.position, last.link) if last else (0, BEGINNING)
    for entry in entries:
        position += 1
        digest = digest_of(entry)
        link = _link(link, position, entry.id, digest, at=at)
        db.add(
            AuditSeal(
                position=position,
                entry_id=entry.id,
                digest=digest,
                link=link,
                sealed_at=at,
                signature=vault.sign(_signed(position, link)),
            )
        )
    await db.flush()
    return Head(position, link) if entries else None


async def seal_all(database: Database, file: Path, *, at: datetime, is_thorough: bool = True) -> Head | None:
    """Seal whatever has none, in small steps, and remember outside the database where the chain ends.

    What was committed more than LATEST_COMMIT after it was made is found where `is_thorough`: all entries are counted
    for that, which takes about a second for ten million.
    """
    head, everything = None, False
    while True:
        async with database.unit_of_work() as db:
            found = await seal_next(db, at=at, everything=everything)
        head = found or head
        if found is None:
            # An entry may have been committed long after it was made: as many seals as entries, or all are looked
            # through.
            if not is_thorough or everything or await _is_complete(database):
                break
            everything = True
    if head:
        remember(file, head)
    return head


async def _is_complete(database: Database) -> bool:
    async with database.reading() as db:
        entries = (await db.exec(select(sa.func.count()).select_from(AuditEntry))).one()
        last = await _last(db)
    return entries == (last.position if last else 0)


async def _last(db: AsyncSession) -> AuditSeal | None:
    return (await db.exec(select(AuditSeal).order_by(col(AuditSeal.position).desc()).limit(1))).first()


async def head_of(db: AsyncSession) -> Head | None:
    last = await _last(db)
    return Head(last.position, last.link) if last else None


def remember(file: Path, head: Head) -> None:
    """Write down where the chain ends; renamed into its place, so that nobody reads half of it."""
    file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    aside = file.with_suffix(f".{os.getpid()}")
    with open(aside, "w", opener=private_opener) as target:
        json.dump({"position": head.position, "link": head.link}, target)
    aside.replace(file)


def remembered(file: Path) -> Head | None:
    """Where the chain ended when it was last written down. Raises ValueError where that cannot be read."""
    try:
        known = json.loads(file.read_text())
        return Head(int(known["position"]), str(known["link"]))
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{file} cannot be read.") from None


async def damage_of(db: AsyncSession, file: Path, *, at: datetime) -> list[str]:
    """What is no longer as it was written, in words."""
    found: list[str] = []
    before, held = Head(0, BEGINNING), None
    try:
        held = remembered(file)
    except ValueError as error:
        found.append(str(error))
    is_met = held is None
    async for seal, entry in _sealed(db):
        found += _damage(seal, entry, before)
        before = Head(seal.position, seal.link)
        is_met = is_met or before == held
        if len(found) > MOST_WORDS:
            return [*found[:MOST_WORDS], "The history: and more after that."]
    if not is_met and held:
        found.append(
            f"The history: it was sealed up to number {held.position} once, and that seal is not there any "
            "more: its end was cut off, "
            "or the database is an older copy."
        )
    return found + await _unsealed(db, at=at)


def _damage(seal: AuditSeal, entry: AuditEntry | None, before: Head) -> list[str]:
    about = f"The history: number {seal.position} (entry {seal.entry_id}"
    if entry is None:
        return [f"{about}, sealed {seal.sealed_at:%Y-%m-%d %H:%M}) was removed."]
    about = f"{about}, {entry.act}, {entry.at:%Y-%m-%d %H:%M})"
    found = []
    if digest_of(entry) != seal.digest:
        found.append(f"{about} was changed after it was sealed.")
    elif not vault.is_signed(content_of(entry), entry.signature):
        found.append(f"{about} was inserted past Heyet.")
    expected = _link(before.link, seal.position, seal.entry_id, seal.digest, at=seal.sealed_at)
    if seal.position != before.position + 1:
        found.append(f"The history: the seals between {before.position} and {seal.position} were removed.")
    elif expected != seal.link or not vault.is_signed(_signed(seal.position, seal.link), seal.signature):
        found.append(f"{about}: its seal was changed.")
    return found


async def _page(db: AsyncSession, after: int) -> Sequence[tuple[AuditSeal, AuditEntry | None]]:
    """The next seals after a position, each with its entry, if that is still there."""
    found = await db.exec(
        select(AuditSeal, AuditEntry)
        .join(AuditEntry, col(AuditEntry.id) == col(AuditSeal.entry_id), isouter=True)
        .where(col(AuditSeal.position) > after)
        .order_by(col(AuditSeal.position))
        .limit(BATCH)
    )
    return found.all()


async def _sealed(db: AsyncSession) -> AsyncIterator[tuple[AuditSeal, AuditEntry | None]]:
    last = 0
    while True:
        found = await _page(db, last)
        for seal, entry in found:
            yield seal, entry
        if len(found) < BATCH:
            return
        last = found[-1][0].position


async def _unsealed(db: AsyncSession, *, at: datetime) -> list[str]:
    """What no seal holds yet: written just now, or by somebody else, or nobody seals."""
    found = await db.exec(
        select(AuditEntry)
        .join(AuditSeal, col(AuditSeal.entry_id) == col(AuditEntry.id), isouter=True)
        .where(col(AuditSeal.entry_id).is_(None))
        .order_by(col(AuditEntry.id))
        .limit(BATCH)
    )
    entries = found.all()
    words = [
        f"The history: entry {e.id} ({e.act}, {e.at:%Y-%m-%d %H:%M}) was inserted past Heyet, or changed "
        "before it was sealed."
        for e in entries
        if not vault.is_signed(content_of(e), e.signature)
    ][:MOST_WORDS]
    waiting = sum(entry.at < at - UNSEALED for entry in entries)
    if waiting:
        words.append(
            f"The history: {waiting} entries are older than an hour and not sealed. Is background work running?"
        )
    return words


@dataclass(frozen=True)
class Step:
    """Where signing anew goes on, and how many signatures it wrote."""

    position: int
    count: int


async def sign_anew(db: AsyncSession, after: int) -> Step | None:
    """Let the present key sign what a former one has signed, for the next BATCH seals and their entries.

    What no key has signed stays as it is, to be found. Returns nothing at the end.
    """
    count = 0
    found = await _page(db, after)
    for seal, entry in found:
        sealed = _signed(seal.position, seal.link)
        if _is_formers(sealed, seal.signature):
            await db.exec(
                update(AuditSeal).where(col(AuditSeal.position) == seal.position).values(signature=vault.sign(sealed))
            )
            count += 1
        if entry and _is_formers(content_of(entry), entry.signature):
            signature = vault.sign(content_of(entry))
            await db.exec(update(AuditEntry).where(col(AuditEntry.id) == entry.id).values(signature=signature))
            count += 1
    return Step(found[-1][0].position, count) if found else None


def _is_formers(text: str, signature: str) -> bool:
    return not vault.is_signed(text, signature, by_present=True) and vault.is_signed(text, signature)


def digest_of(entry: AuditEntry) -> str:
    return hashlib.sha256(content_of(entry).encode()).hexdigest()


def _link(before: str, position: int, entry_id: UUID, digest: str, *, at: datetime) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{before}:{position}:{entry_id}:{digest}:{moment}".encode()).hexdigest()


def _signed(position: int, link: str) -> str:
    return f"seal:{position}:{link}"


def _made_before(id: UUID) -> UUID:
    """The smallest id of a time so long before that one that everything made until then is committed."""
    made = (id.int >> 80) - int(LATEST_COMMIT.total_seconds() * 1000)
    return UUID(int=max(made, 0) << 80)
