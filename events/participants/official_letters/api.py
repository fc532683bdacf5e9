"""Official letters for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser
from events.participants.letter_files.api import FILE_OR_JOB, file_or_job
from events.participants.letter_files.rules import LetterFileKind
from events.participants.official_letters import service
from events.participants.official_letters.rules import LetterKind
from events.participants.official_letters.schemas import (
    LettersIn,
    LetterTextIn,
    LetterTextOut,
    VisaLetterIn,
    VisaLettersIn,
)

router = APIRouter(prefix="/api/v1", tags=["letters"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.post("/events/{event_id}/letters", response_class=Response, responses=FILE_OR_JOB)
async def letters(
    event_id: UUID, given: LettersIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """Letters to all institutions whose people took part, in one PDF or a zip. 409 where there is none. More than five
    are made by a job (202), and then fetched as `/events/{event_id}/letter-files/{kind}`."""
    made = await service.print_letters(db, event_id, given, caller, settings, at=at)
    return file_or_job(made, LetterFileKind(given.kind.value), given.ending)


@router.post("/events/{event_id}/visa-letters", response_class=Response, responses=FILE_OR_JOB)
async def visa_letters(
    event_id: UUID, given: VisaLettersIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """Letters for the visas of everybody with a place, or of those whose institution is in one country. More than five
    are made by a job (202), and then fetched as `/events/{event_id}/letter-files/visa`."""
    made = await service.print_visa_letters(db, event_id, given, caller, settings, at=at)
    return file_or_job(made, LetterFileKind.visa, given.ending)


@router.post("/invitations/{invitation_id}/visa-letter", response_class=Response, responses=FILE)
async def visa_letter(
    invitation_id: UUID, given: VisaLetterIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """A letter that supports a visa application. Nothing of what is sent for it is kept."""
    content = await service.print_visa_letter(db, invitation_id, given, caller, settings, at=at)
    return download(content, PDF, "visa-letter.pdf")


@router.put("/projects/{project_id}/letters/{kind}", response_model=LetterTextOut)
async def set_text(
    project_id: UUID, kind: LetterKind, given: LetterTextIn, caller: Organiser, db: Db, at: Moment
) -> LetterTextOut:
    """Say a letter in the project's own words; with nothing in them, in Heyet's again."""
    return LetterTextOut.of(await service.set_text(db, project_id, kind, given, caller, at=at), kind)
