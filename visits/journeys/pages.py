"""The travel tab of an event: everybody's journey, and one person's."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other
from core.paging import Paging
from core.settings import Installed
from core.web import checked, checked_fields, download
from directory.accounts.access import Caller, Organiser, Reader
from visits.checks.rules import FindingSeverity
from visits.checks.sentences import sentence
from visits.hotels.service import list_hotels
from visits.journeys import service
from visits.journeys.schemas import SeenIn, TravellerPaging
from visits.legs.rules import PASSENGER_STATES, TRAVEL_MODES
from visits.legs.service import people_left
from visits.stays.schemas import StayIn
from visits.stays.service import book, remove_stay
from visits.travel_details.rules import PASSPORT_KINDS, SEXES, VISA_STATES, visa_state
from visits.travel_details.schemas import TravelDetailsOut, VisaIn
from visits.travel_details.service import reveal, reveal_page, set_visa

router = APIRouter(include_in_schema=False)
SEVERITIES = {
    FindingSeverity.error: N_("Error"),
    FindingSeverity.warning: N_("Warning"),
    FindingSeverity.note: N_("Note"),
}
# People on one page: each is checked anew.
TRAVELLERS = 25
ALL, ONE = "visits/travel.html", "visits/journey.html"


@router.get("/events/{event_id}/travel")
async def travel(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    page: TravellerPaging,
) -> Response:
    shown = Paging(page.page, min(page.limit, TRAVELLERS), page.sort)
    event, found = await service.journeys_page(db, event_id, caller, shown, at=at)
    return render(
        request,
        ALL,
        **_names(),
        event=event,
        page=found,
        journeys=found.rows,
        legs=service.board(found.rows),
        left=await people_left(db, event_id),
        history=await audit.history(db, event_id),
    )


@router.get("/events/{event_id}/travel/{registration_id}")
async def journey(
    request: Request, event_id: UUID, registration_id: UUID, caller: Reader, db: ReadDb, at: Moment
) -> Response:
    view = await _view(db, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    return render(request, ONE, **view)


@router.post("/events/{event_id}/travel/{registration_id}/seen")
async def mark_seen(
    request: Request, event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    with form_again(ONE, view, typed):
        await service.mark_seen(db, event_id, registration_id, checked_fields(typed, SeenIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/travel/{registration_id}", N_("Marked as seen."))


@router.post("/events/{event_id}/travel/{registration_id}/unseen")
async def unmark(
    request: Request, event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.unmark(db, event_id, registration_id, str(typed.get("about", "")), caller, at=at)
    return see_other(request, f"/events/{event_id}/travel/{registration_id}", N_("It counts again."))


@router.post("/events/{event_id}/travel/{registration_id}/stays")
async def add_stay(
    request: Request, event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    with form_again(ONE, view, typed):
        given: StayIn = checked(StayIn, {**typed, "registrations": [str(registration_id)]})
        await book(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/travel/{registration_id}", N_("The nights are entered."))


@router.post("/events/{event_id}/stays/{stay_id}/remove")
async def take_stay_away(
    request: Request, event_id: UUID, stay_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    registration_id = await remove_stay(db, event_id, stay_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/travel/{registration_id}", N_("The nights are taken away."))


@router.post("/events/{event_id}/travel/{registration_id}/visa")
async def visa(
    request: Request, event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    with form_again(ONE, view, typed):
        await set_visa(db, event_id, registration_id, checked_fields(typed, VisaIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/travel/{registration_id}", N_("Saved."))


@router.post("/events/{event_id}/travel/{registration_id}/reveal")
async def show_whole(
    request: Request, event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    """What was told, unmasked, in this one answer; the history keeps who asked and why."""
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    with form_again(ONE, view, typed):
        told = await reveal(db, event_id, registration_id, str(typed.get("reason", "")), caller, at=at)
    return render(request, ONE, **{**await view(db), "told": told, "is_whole": True})


@router.post("/events/{event_id}/travel/{registration_id}/passport-page")
async def passport_page(
    request: Request,
    event_id: UUID,
    registration_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """The page of the passport, for who says why; the history keeps it."""
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    with form_again(ONE, view, typed):
        reason = str(typed.get("reason", ""))
        name, content = await reveal_page(db, event_id, registration_id, reason, caller, settings, at=at)
    return download(content, "application/octet-stream", name)


async def _view(
    db: AsyncSession, *, event_id: UUID, registration_id: UUID, caller: Caller, at: Moment
) -> Mapping[str, object]:
    event, found = await service.journeys_for(db, event_id, caller, at=at, only=registration_id)
    left = [] if found else await service.of_who_left(db, event, registration_id, at=at)
    if not (found or left):
        raise NotFound()
    (one,) = found or left
    return _names() | {
        "event": event,
        "history": await audit.history(db, event.id),
        "journey": one,
        "has_left": bool(left),
        "hotels": {hotel.id: hotel.name for hotel in await list_hotels(db, event.id)} if one.stays else {},
        "told": TravelDetailsOut.of(one.details, is_whole=False) if one.details else None,
        "is_whole": False,
    }


def _names() -> dict[str, object]:
    return {
        "tab": "travel",
        "modes": TRAVEL_MODES,
        "states": PASSENGER_STATES,
        "passport_kinds": PASSPORT_KINDS,
        "visa_states": VISA_STATES,
        "visa_state": visa_state,
        "sexes": SEXES,
        "countries": country_codes(),
        "sentence": sentence,
        "about": service.about,
        "severities": SEVERITIES,
        "severity_colours": {"error": "red", "warning": "yellow", "note": "blue"},
        "as_day": date.fromisoformat,
    }
