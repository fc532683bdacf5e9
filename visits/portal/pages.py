"""The traveller's own pages: one for the journey, and one short form for each thing that is told."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.errors import N_
from core.i18n import country_codes, words
from core.pages import (
    STATIC,
    Typed,
    TypedWithFiles,
    chosen_file,
    chosen_files,
    form_again,
    render,
    see_other,
    static,
    ticked,
)
from core.settings import Installed, Settings
from core.web import checked_fields, download, language_of
from core.zones import town_zones
from directory.accounts.access import Whoever
from directory.projects.models import Project
from events.invitations.invitations.access import Guest, Owner, Participant
from events.programme.events.models import Event
from visits.booking_files.pages import names as booking_names
from visits.booklets.schemas import BookletLanguage
from visits.booklets.service import for_traveller
from visits.checks.sentences import sentence
from visits.hotels.rules import SHARING_WISHES
from visits.hotels.service import list_hotels
from visits.itineraries.composition import items_of
from visits.itineraries.rules import ITINERARY_KINDS, by_day
from visits.itineraries.service import kept_itinerary
from visits.legs.rules import PASSENGER_STATES, TRAVEL_MODES
from visits.legs.schemas import LegIn
from visits.portal import service
from visits.travel_details.rules import PASSPORT_KINDS, SEXES, VISA_STATES, visa_state
from visits.travel_details.schemas import (
    InsuranceIn,
    PassportIn,
    RoomWishIn,
    TravelDetailsOut,
    VisaIn,
    WishesIn,
    ZoneIn,
)
from visits.travel_details.service import Part, read_passport_zone

router = APIRouter(include_in_schema=False)
ITINERARY, NOW = "visits/my_itinerary.html", "visits/offline_itinerary.html"
SCRIPTS = ("itinerary_store.js", "itinerary_now.js")
FILES = ("heyet.css", "vendor/htmx.js", "heyet.js", "heyet.svg", "vendor/icons.svg")
LEG_FILES = "visits/my_leg_files.html"
PAGE, FORM, BOOKINGS = "visits/my_travel.html", "visits/my_travel_form.html", "visits/my_bookings.html"


class TravelForm(StrEnum):
    """What is told on a page of its own."""

    leg = "leg"
    passport = "passport"
    visa = "visa"
    insurance = "insurance"
    wishes = "wishes"
    room = "room"


_SHAPES: dict[TravelForm, type[Part]] = {
    TravelForm.passport: PassportIn,
    TravelForm.visa: VisaIn,
    TravelForm.insurance: InsuranceIn,
    TravelForm.wishes: WishesIn,
    TravelForm.room: RoomWishIn,
}


@router.get("/i/{token}/travel")
async def my_travel(request: Request, token: str, owner: Owner, db: ReadDb, at: Moment) -> Response:
    view = await _view(db, owner=owner, at=at)
    return render(request, PAGE, **view)


@router.get("/i/{token}/travel/bookings")
async def my_bookings(request: Request, token: str, owner: Owner, db: ReadDb, settings: Installed) -> Response:
    return render(request, BOOKINGS, **await _bookings_view(db, owner=owner, settings=settings))


@router.post("/i/{token}/travel/bookings")
async def upload(
    request: Request, token: str, owner: Owner, db: Db, at: Moment, settings: Installed, typed: TypedWithFiles
) -> Response:
    with form_again(BOOKINGS, partial(_bookings_view, owner=owner, settings=settings), typed):
        files = await chosen_files(typed)
        await service.upload_bookings(db, owner.invitation_id, files, settings, at=at)
    said = N_("Uploaded. It is being read: please look again in a moment.")
    return see_other(request, f"/i/{token}/travel/bookings", said)


@router.post("/i/{token}/travel/bookings/take-over")
async def take_over(
    request: Request, token: str, owner: Owner, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(BOOKINGS, partial(_bookings_view, owner=owner, settings=settings), typed):
        await service.take_over(db, owner.invitation_id, ticked(typed, "keys"), at=at)
    return see_other(request, f"/i/{token}/travel", N_("Thank you, it is noted."))


@router.get("/i/{token}/travel/itinerary")
async def my_itinerary(request: Request, token: str, owner: Owner, db: ReadDb, at: Moment) -> Response:
    journey = await service.my_journey(db, owner.invitation_id, at=at)
    event = await db.get_one(Event, owner.event_id)
    days = by_day(items_of(journey, event, words(language_of(request))))
    return render(request, ITINERARY, **_names(event, owner), kinds=ITINERARY_KINDS, days=days)


@router.get("/i/{token}/travel/now")
async def now_and_next(request: Request, token: str, participant: Participant) -> Response:
    """The empty page; its script fetches what it shows, keeps it encrypted, and shows it without a network."""
    return render(request, NOW, scripts=SCRIPTS)


@router.get("/i/{token}/travel/kept")
async def kept(request: Request, token: str, owner: Owner, db: ReadDb, at: Moment) -> Response:
    """What the telephone keeps: the own itinerary, without passport, reference, ticket or account."""
    journey = await service.my_journey(db, owner.invitation_id, at=at)
    event = await db.get_one(Event, owner.event_id)
    contact = ", ".join(filter(None, (event.contact_name, event.contact_address)))
    found = kept_itinerary(journey, event, contact, words(language_of(request)), at=at)
    return JSONResponse(found.model_dump(mode="json"))


@router.get("/i/{token}/travel/booklet/{language}.pdf")
async def my_booklet(
    token: str, language: BookletLanguage, owner: Owner, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    """The own booklet as things stand now, in the language that the reader chooses."""
    journey = await service.my_journey(db, owner.invitation_id, at=at)
    event = await db.get_one(Event, owner.event_id)
    content = await for_traveller(db, event, journey, language, settings, at=at)
    return download(content, PDF, "booklet.pdf", inline=True)


@router.get("/now/shell")
async def shell(request: Request, whoever: Whoever) -> Response:
    """The same page for the service worker to keep."""
    return render(request, NOW, scripts=SCRIPTS)


@router.get("/now/worker.js")
async def worker(request: Request, whoever: Whoever) -> Response:
    """The service worker of personal links, with the files that it keeps: it changes with any of them, and with the
    language."""
    style = "vendor/tabler.rtl.css" if words(language_of(request)).direction == "rtl" else "vendor/tabler.css"
    files = [*(static(name) for name in (*FILES, style, *SCRIPTS)), "/now/shell"]
    version = hashlib.sha256(json.dumps([files, language_of(request)]).encode()).hexdigest()[:12]
    lines = f"const VERSION = {json.dumps(version)}, FILES = {json.dumps(files)};\n"
    script = "".join((STATIC / name).read_text(encoding="utf-8") for name in (SCRIPTS[0], "itinerary_worker.js"))
    answer = Response(lines + script, media_type="text/javascript")
    # Its own address is under none of the links that it serves.
    answer.headers["Service-Worker-Allowed"] = "/i/"
    return answer


@router.get("/i/{token}/travel/passport-page")
async def my_page(token: str, owner: Owner, db: ReadDb, settings: Installed) -> Response:
    name, content = await service.my_page(db, owner.invitation_id, settings)
    return download(content, "application/octet-stream", name)


@router.get("/i/{token}/travel/{form}")
async def my_form(request: Request, token: str, form: TravelForm, owner: Owner, db: ReadDb, at: Moment) -> Response:
    return render(request, FORM, **await _form_view(db, form=form, owner=owner, at=at))


@router.post("/i/{token}/travel/zone")
async def read_zone(request: Request, token: str, owner: Owner, db: ReadDb, at: Moment, typed: Typed) -> Response:
    """The passport's form, filled from the two pasted lines. Nothing is kept yet."""
    view = partial(_form_view, form=TravelForm.passport, owner=owner, at=at)
    with form_again(FORM, view, typed):
        read = read_passport_zone(checked_fields(typed, ZoneIn), at=at)
    return render(request, FORM, **{**await view(db), "fields": read, "was_read": True})


@router.post("/i/{token}/travel/leg")
async def add_leg(request: Request, token: str, owner: Owner, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(FORM, partial(_form_view, form=TravelForm.leg, owner=owner, at=at), typed):
        has_ticket = typed.get("has_ticket") == "yes"
        await service.add_leg(db, owner.invitation_id, checked_fields(typed, LegIn), has_ticket=has_ticket, at=at)
    return see_other(request, f"/i/{token}/travel", N_("The leg is entered."))


@router.get("/i/{token}/travel/legs/{leg_id}/files")
async def leg_files(request: Request, token: str, leg_id: UUID, owner: Owner, db: ReadDb, at: Moment) -> Response:
    return render(request, LEG_FILES, **await _leg_files_view(db, owner=owner, leg_id=leg_id, at=at))


@router.post("/i/{token}/travel/legs/{leg_id}/files")
async def attach_to_leg(
    request: Request,
    token: str,
    leg_id: UUID,
    owner: Owner,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(LEG_FILES, partial(_leg_files_view, owner=owner, leg_id=leg_id, at=at), typed):
        files = await chosen_files(typed)
        await service.attach_to_leg(db, owner.invitation_id, leg_id, files, settings, at=at)
    return see_other(request, f"/i/{token}/travel/legs/{leg_id}/files", N_("Attached."))


@router.post("/i/{token}/travel/passport-page")
async def keep_page(
    request: Request, token: str, owner: Owner, db: Db, at: Moment, settings: Installed, typed: TypedWithFiles
) -> Response:
    with form_again(FORM, partial(_form_view, form=TravelForm.passport, owner=owner, at=at), typed):
        await service.keep_page(db, owner.invitation_id, await chosen_file(typed), settings, at=at)
    return see_other(request, f"/i/{token}/travel/passport", N_("Thank you, it is noted."))


@router.post("/i/{token}/travel/passport-page/remove")
async def drop_page(request: Request, token: str, owner: Owner, db: Db, at: Moment, typed: Typed) -> Response:
    await service.drop_page(db, owner.invitation_id, at=at)
    return see_other(request, f"/i/{token}/travel/passport", N_("Removed."))


@router.get("/i/{token}/travel/files/{file_id}")
async def my_file(token: str, file_id: UUID, owner: Owner, db: ReadDb, settings: Installed) -> Response:
    name, content = await service.my_file(db, owner.invitation_id, file_id, settings)
    return download(content, "application/octet-stream", name)


@router.post("/i/{token}/travel/legs/{leg_id}/leave")
async def leave_leg(
    request: Request, token: str, leg_id: UUID, owner: Owner, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, owner=owner, at=at), typed):
        await service.leave_leg(db, owner.invitation_id, leg_id, at=at)
    return see_other(request, f"/i/{token}/travel", N_("You do not travel on this leg any more."))


@router.post("/i/{token}/travel/{form}")
async def tell(
    request: Request, token: str, form: TravelForm, owner: Owner, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(FORM, partial(_form_view, form=form, owner=owner, at=at), typed):
        given: Part = checked_fields(typed, _SHAPES[form])
        await service.tell(db, owner.invitation_id, given, at=at)
    return see_other(request, f"/i/{token}/travel", N_("Thank you, it is noted."))


async def _view(db: AsyncSession, *, owner: Guest, at: datetime) -> Mapping[str, object]:
    journey = await service.my_journey(db, owner.invitation_id, at=at)
    event = await db.get_one(Event, owner.event_id)
    is_paid = any(one.is_paid_for for _, one in journey.legs)
    return _names(event, owner) | {
        "journey": journey,
        "contact": service.contact_of(event, await db.get_one(Project, event.project_id)) if is_paid else "",
        "told": TravelDetailsOut.of(journey.details, is_whole=True) if journey.details else None,
        "sentence": sentence,
        "hotels": {hotel.id: hotel for hotel in await list_hotels(db, owner.event_id)} if journey.stays else {},
    }


async def _bookings_view(db: AsyncSession, *, owner: Guest, settings: Settings) -> Mapping[str, object]:
    files, proposals, forward_to = await service.my_bookings(db, owner.invitation_id, settings)
    event = await db.get_one(Event, owner.event_id)
    return (
        _names(event, owner) | booking_names() | {"files": files, "proposals": proposals.legs, "forward_to": forward_to}
    )


async def _leg_files_view(db: AsyncSession, *, owner: Guest, leg_id: UUID, at: datetime) -> Mapping[str, object]:
    leg, files = await service.my_leg_files(db, owner.invitation_id, leg_id, at=at)
    return _names(await db.get_one(Event, owner.event_id), owner) | {"leg": leg, "files": files}


async def _form_view(db: AsyncSession, *, form: TravelForm, owner: Guest, at: datetime) -> Mapping[str, object]:
    journey = await service.my_journey(db, owner.invitation_id, at=at)
    event = await db.get_one(Event, owner.event_id)
    told = TravelDetailsOut.of(journey.details, is_whole=True) if journey.details else None
    fields: Mapping[str, object] = {}
    if form is TravelForm.leg:
        fields = {"day": event.first_day.isoformat()}
    elif form is TravelForm.wishes and told:
        fields = {"home": told.home, "wishes": told.wishes}
    elif told:
        fields = getattr(told, form.value)
    return _names(event, owner) | {
        "form": form.value,
        "fields": fields,
        "name": journey.person.name,
        "zones": town_zones(),
        "countries": country_codes(),
        "was_read": False,
        "has_page": bool(journey.details and journey.details.page_hash),
    }


def _names(event: Event, owner: Guest) -> dict[str, object]:
    return {
        "event": event,
        "token": owner.token,
        "modes": TRAVEL_MODES,
        "states": PASSENGER_STATES,
        "passport_kinds": PASSPORT_KINDS,
        "visa_states": VISA_STATES,
        "visa_state": visa_state,
        "sexes": SEXES,
        "sharing_wishes": SHARING_WISHES,
        "as_day": date.fromisoformat,
    }
