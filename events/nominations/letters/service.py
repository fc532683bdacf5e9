"""Keeping what the letters of an event carry, and the signed letter that goes in place of ours."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.media_types import media_type_of
from core.documents.pdf import PDF
from core.errors import NotThatKind
from core.files import FileStore
from core.settings import Settings
from directory.accounts.access import Caller
from events.nominations.letters.models import NominationLetter
from events.nominations.letters.schemas import LetterIn
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from notifications.jobs.context import Attached

# As an attachment of a mail, by the id of the event.
SIGNED_LETTER = "nomination-letter"


async def letter_details(db: AsyncSession, event_id: UUID) -> NominationLetter:
    """What the event's letters carry; nothing yet where nobody said so."""
    return await db.get(NominationLetter, event_id) or NominationLetter(event_id=event_id)


async def set_details(
    db: AsyncSession, event_id: UUID, given: LetterIn, caller: Caller, *, at: datetime
) -> NominationLetter:
    """Number, date and signature of all letters of the event that are printed from now on."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    letter = await letter_details(db, event_id)
    for name, value in given.model_dump().items():
        setattr(letter, name, value)
    db.add(letter)
    audit.record(db, "letter.changed", event.id, at=at, project_id=event.project_id, **caller.signature)
    await db.flush()
    return letter


async def attach_signed(
    db: AsyncSession, event_id: UUID, name: str, content: bytes, files: FileStore, caller: Caller, *, at: datetime
) -> NominationLetter:
    """The signed letter goes with each mail and is shown in place of ours; an empty file takes it away again.

    Raises NotThatKind for what is no PDF.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    if content and media_type_of(name, content) != PDF:
        raise NotThatKind("file")
    letter = await letter_details(db, event_id)
    letter.file_hash = await asyncio.to_thread(files.keep, content) if content else ""
    letter.file_name = name[:120] if content else ""
    db.add(letter)
    audit.record(db, "letter.changed", event.id, at=at, project_id=event.project_id, **caller.signature)
    await db.flush()
    return letter


async def signed_letter(db: AsyncSession, event_id: UUID, files: FileStore) -> bytes | None:
    """The signed letter, if there is one."""
    letter = await letter_details(db, event_id)
    return await asyncio.to_thread(files.read, letter.file_hash) if letter.file_hash else None


async def attachment(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> Attached | None:
    """The signed letter for a mail that leaves."""
    content = await signed_letter(db, event_id, settings.files)
    return Attached("letter.pdf", PDF, content) if content else None
