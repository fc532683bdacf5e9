"""Official letters for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser
from events.participants.official_letters import service
from events.participants.official_letters.rules import LetterKind
from events.participants.official_letters.schemas import LettersIn, LetterTextIn, LetterTextOut, VisaLetterIn

router = APIRouter(prefix="/api/v1", tags=["letters"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, ZIP: {}}}}


@router.post("/events/{event_id}/letters", response_class=Response, responses=FILE)
async def letters(
    event_id: UUID, given: LettersIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """Letters to all institutions whose people took part, in one PDF or a zip. 409 where there is none."""
    content = await service.print_letters(db, event_id, given, caller, settings, at=at)
    return download(content, PDF if given.ending == "pdf" else ZIP, f"{given.kind.value}.{given.ending}")


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
