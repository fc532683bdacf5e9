"""The transfers tab of a visit, a vehicle, and vehicles that are suggested."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.errors import N_
from core.i18n import LANGUAGES, words
from core.pages import Fields, Typed, form_again, render, see_other, ticked
from core.paging import sorted_rows
from core.web import checked, checked_fields, download, language_of
from core.zones import town_zones
from directory.accounts.access import Caller, Organiser, Reader
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event
from visits.legs.rules import TRAVEL_MODES
from visits.travel_settings import DEFAULTS
from visits.vehicles import service
from visits.vehicles.rules import NAME, VEHICLE_DIRECTIONS
from visits.vehicles.schemas import DriverSheetIn, SuggestionIn, SuggestionTaken, VehicleIn, VehicleSort

router = APIRouter(include_in_schema=False)
ALL, NEW, ONE = "visits/transfers.html", "visits/vehicle_new.html", "visits/vehicle.html"
SUGGESTED = "visits/vehicle_suggestion.html"


@router.get("/events/{event_id}/transfers")
async def transfers(request: Request, event_id: UUID, caller: Reader, db: ReadDb, sort: VehicleSort) -> Response:
    return render(request, ALL, **await _board_view(db, event_id=event_id, caller=caller, sort=sort))


@router.get("/events/{event_id}/transfers/suggestion")
async def suggestion(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: ReadDb,
    day: Annotated[str, Query(max_length=10)] = "",
    seats: Annotated[str, Query(max_length=4)] = "16",
    destination: Annotated[str, Query(max_length=200)] = "",
    drive_minutes: Annotated[str, Query(max_length=5)] = "30",
) -> Response:
    """What would be ordered; nothing is entered by looking."""
    asked = {"day": day, "seats": seats, "destination": destination, "drive_minutes": drive_minutes}
    with form_again(ALL, partial(_board_view, event_id=event_id, caller=caller), Fields(asked)):
        given: SuggestionIn = checked(SuggestionIn, asked)
        view = await _suggestion_view(db, event_id=event_id, given=given, caller=caller)
    return render(request, SUGGESTED, **view)


@router.post("/events/{event_id}/transfers/suggestion")
async def take_suggestion(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    given: SuggestionTaken = checked_fields(typed, SuggestionTaken)
    asked = SuggestionIn.model_validate(given.model_dump(exclude={"digest"}))
    with form_again(SUGGESTED, partial(_suggestion_view, event_id=event_id, given=asked, caller=caller), typed):
        name = words(language_of(request)).translate(NAME)
        await service.take_suggestion(db, event_id, given, name, caller, at=at)
    return see_other(request, f"/events/{event_id}/transfers", N_("The vehicles are entered. Nobody was mailed."))


@router.post("/events/{event_id}/transfers/driver-sheets.pdf")
async def driver_sheets(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    """One page a vehicle; the history keeps who made it for whom."""
    with form_again(ALL, partial(_board_view, event_id=event_id, caller=caller), typed):
        fields = {name: value for name, value in typed.items() if name != "vehicles[]"}
        given: DriverSheetIn = checked(DriverSheetIn, fields | {"vehicles": ticked(typed, "vehicles")})
        content = await service.driver_sheets(db, event_id, given, caller, at=at)
    return download(content, PDF, "driver-sheets.pdf")


@router.get("/events/{event_id}/vehicles/new")
async def new(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, NEW, **await _new_view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/vehicles/new")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(NEW, partial(_new_view, event_id=event_id, caller=caller), typed):
        vehicle = await service.add_vehicle(db, event_id, checked_fields(typed, VehicleIn), caller, at=at)
    return see_other(request, f"/vehicles/{vehicle.id}", N_("The vehicle is entered. Now say who rides in it."))


@router.get("/vehicles/{vehicle_id}")
async def one(request: Request, vehicle_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ONE, **await _view(db, vehicle_id=vehicle_id, caller=caller))


@router.post("/vehicles/{vehicle_id}")
async def change(request: Request, vehicle_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ONE, partial(_view, vehicle_id=vehicle_id, caller=caller), typed):
        await service.change_vehicle(db, vehicle_id, checked_fields(typed, VehicleIn), caller, at=at)
    said = N_("The vehicle is changed; calendars follow. Nobody was mailed.")
    return see_other(request, f"/vehicles/{vehicle_id}", said)


@router.post("/vehicles/{vehicle_id}/cancel")
async def cancel(request: Request, vehicle_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    await service.cancel_vehicle(db, vehicle_id, caller, at=at)
    said = N_("The vehicle is cancelled; calendars say so. Nobody was mailed.")
    return see_other(request, f"/vehicles/{vehicle_id}", said)


@router.post("/vehicles/{vehicle_id}/passengers")
async def add_passengers(
    request: Request, vehicle_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    people = ticked(typed, "people")
    with form_again(ONE, partial(_view, vehicle_id=vehicle_id, caller=caller, chosen=people), typed):
        await service.add_passengers(db, vehicle_id, checked(list[UUID], people), caller, at=at)
    return see_other(request, f"/vehicles/{vehicle_id}", N_("The seats are given."))


@router.post("/vehicles/{vehicle_id}/passengers/{registration_id}/remove")
async def remove_passenger(
    request: Request, vehicle_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.remove_passenger(db, vehicle_id, registration_id, caller, at=at)
    return see_other(request, f"/vehicles/{vehicle_id}", N_("The seat is free again."))


async def _board_view(db: AsyncSession, *, event_id: UUID, caller: Caller, sort: str = "") -> Mapping[str, object]:
    event, planned, unmet = await service.board_of(db, event_id, caller)
    hotels = await service.hotels_of(db, event_id, unmet)
    people = {registration.id: person for registration, person, _ in await list_confirmed(db, event_id)}
    return _choices() | {
        "event": event,
        "history": await audit.history(db, event_id),
        "planned": sorted_rows(planned, sort, service.VEHICLE_SORTS),
        "destination": (hotels[0] if len(hotels) == 1 else "") or event.venue,
        "unmet": [(one, people[one.registration_id]) for one in unmet],
        "people": people,
        "arrival_days": sorted({(one.leg.arrives or one.leg.departs).day for one in unmet}),
    }


async def _suggestion_view(
    db: AsyncSession, *, event_id: UUID, given: SuggestionIn, caller: Caller
) -> Mapping[str, object]:
    suggestion = await service.suggest(db, event_id, given, caller)
    people = {registration.id: person for registration, person, _ in await list_confirmed(db, event_id)}
    return _choices() | {
        "event": await get_event(db, event_id, caller),
        "history": await audit.history(db, event_id),
        "asked": given,
        "suggestion": suggestion,
        "people": people,
    }


async def _new_view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    fields = {"day": event.first_day.isoformat(), "zone": event.zone, "seats": 16, "drive_minutes": 30}
    return _choices() | {"event": event, "history": await audit.history(db, event_id), "fields": fields}


async def _view(
    db: AsyncSession, *, vehicle_id: UUID, caller: Caller, chosen: list[str] | None = None
) -> Mapping[str, object]:
    planned, event = await service.get_planned(db, vehicle_id, caller)
    people = {registration.id: person for registration, person, _ in await list_confirmed(db, event.id)}
    aboard = {ride.registration_id for ride in planned.rides}
    return _choices() | {
        "event": event,
        "history": await audit.history(db, event.id),
        "one": planned,
        "people": people,
        "others": [(id, person) for id, person in people.items() if id not in aboard],
        "chosen": set(chosen or []),
        "fields": VehicleIn.fields_of(planned.vehicle),
    }


def _choices() -> dict[str, object]:
    return {
        "tab": "transfers",
        "directions": VEHICLE_DIRECTIONS,
        "modes": TRAVEL_MODES,
        "zones": town_zones(),
        "spoken": LANGUAGES,
        "longest_wait": DEFAULTS.longest_wait,
    }
