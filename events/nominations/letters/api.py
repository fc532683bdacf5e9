"""What the letters of an event carry, for programs."""

from uuid import UUID

from fastapi import APIRouter, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.nominations.letters import service
from events.nominations.letters.models import NominationLetter
from events.nominations.letters.schemas import LetterIn, LetterOut
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1/events/{event_id}/letter", tags=["calls"], route_class=StrictRoute)


@router.get("", response_model=LetterOut)
async def letter(event_id: UUID, caller: ProjectReader, db: ReadDb) -> NominationLetter:
    """Number, date and signature of the letters to institutions."""
    await get_event(db, event_id, caller)
    return await service.letter_details(db, event_id)


@router.put("", response_model=LetterOut)
async def set_letter(event_id: UUID, given: LetterIn, caller: Organiser, db: Db, at: Moment) -> NominationLetter:
    """Say what letters carry that are printed from now on."""
    return await service.set_details(db, event_id, given, caller, at=at)


@router.put("/signed", response_model=LetterOut)
async def attach_signed(
    event_id: UUID, file: UploadFile, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> NominationLetter:
    """The signed letter (PDF) that goes in place of ours. An empty file takes it away."""
    content = await file.read()
    return await service.attach_signed(db, event_id, file.filename or "", content, settings.files, caller, at=at)
