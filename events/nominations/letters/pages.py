"""Number, date and signature of the letters, and the signed letter."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, render, see_other
from core.settings import Installed
from core.web import checked_fields
from directory.accounts.access import Caller, Organiser
from events.nominations.letters import service
from events.nominations.letters.schemas import LetterIn
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/letter", include_in_schema=False)
PAGE = "events/nomination_letter.html"


@router.get("")
async def show(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("")
async def save(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        await service.set_details(db, event_id, checked_fields(typed, LetterIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/letter", N_("Saved."))


@router.post("/signed")
async def attach(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        name, content = ("", b"") if typed.get("remove") else await chosen_file(typed)
        await service.attach_signed(db, event_id, name, content, settings.files, caller, at=at)
    return see_other(request, f"/events/{event_id}/letter", N_("Saved."))


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> dict[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "people",
        "letter": await service.letter_details(db, event_id),
        "history": await audit.history(db, event_id),
    }
