"""Keeping a file of letters, handing it out, and deleting it after some days."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.bundles import file_stem, merged_pdf, zip_of
from core.documents.letters import Letter, letters_pdf
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from directory.accounts.access import Caller
from events.participants.letter_files.models import LetterFile
from events.participants.letter_files.rules import KEPT, LetterFileKind, NoLetterFile
from events.participants.letter_files.schemas import LetterEnding
from events.programme.events.models import Event
from events.programme.events.service import get_event


def set_letters(letters: Sequence[Letter], ending: LetterEnding, begin: int = 1) -> list[tuple[str, bytes]]:
    """A part of a file: these letters as one PDF, or for a zip each with its name, numbered from `begin` on."""
    if ending == "pdf":
        return [("", letters_pdf(letters))]
    return [
        (f"{number:03d}-{file_stem(letter.about or letter.to)}.pdf", letters_pdf([letter]))
        for number, letter in enumerate(letters, start=begin)
    ]


def joined(parts: Sequence[tuple[str, bytes]], ending: LetterEnding) -> bytes:
    """All parts as one file."""
    if ending == "zip":
        return zip_of(parts)
    return parts[0][1] if len(parts) == 1 else merged_pdf(content for _, content in parts)


async def keep(
    db: AsyncSession,
    event_id: UUID,
    kind: LetterFileKind,
    ending: LetterEnding,
    content: bytes,
    letters: int,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    """Keep a file in place of the one before of its kind; may be called twice."""
    # The event's row is the lock: two jobs of one kind would both add a row.
    await db.exec(select(Event.id).where(Event.id == event_id).with_for_update())
    row = await _of(db, event_id, kind) or LetterFile(event_id=event_id, kind=kind, ending=ending, made_at=at)
    row.ending, row.letters, row.size, row.made_at = ending, letters, len(content), at
    row.file_hash = await keep_sealed(settings, content)
    db.add(row)
    await db.flush()


async def list_files(
    db: AsyncSession, event_id: UUID, kinds: Collection[LetterFileKind] = tuple(LetterFileKind)
) -> list[LetterFile]:
    """Files of an event that are there, of these kinds, the latest first."""
    found = await db.exec(
        select(LetterFile)
        .where(LetterFile.event_id == event_id, LetterFile.file_hash != "", col(LetterFile.kind).in_(kinds))
        .order_by(col(LetterFile.made_at).desc(), col(LetterFile.id))
    )
    return list(found.all())


async def take(
    db: AsyncSession, event_id: UUID, kind: LetterFileKind, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[LetterFile, str, bytes]:
    """A file with its name and content; the history keeps who took it. Raises NotFound, NoLetterFile."""
    event = await get_event(db, event_id, caller)
    row = await _of(db, event.id, kind)
    if row is None or not row.file_hash:
        raise NoLetterFile()
    audit.record(db, "letters.taken", event.id, at=at, project_id=event.project_id, **caller.signature, kind=kind.value)
    return row, f"{kind.value}-{event.code}.{row.ending}", await read_sealed(settings, row.file_hash)


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Delete files that were made some days ago; what they are on the disk goes with what no row names."""
    await db.exec(delete(LetterFile).where(col(LetterFile.made_at) < at - KEPT))


async def _of(db: AsyncSession, event_id: UUID, kind: LetterFileKind) -> LetterFile | None:
    found = await db.exec(select(LetterFile).where(LetterFile.event_id == event_id, LetterFile.kind == kind))
    return found.first()
