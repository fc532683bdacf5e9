"""A leg: entering it, and who travels on it."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.money import Money
from core.pages import Typed, form_again, render, see_other, ticked
from core.web import checked, checked_fields
from core.zones import town_zones
from directory.accounts.access import Caller, Organiser
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event
from visits.legs import service
from visits.legs.rules import FARE_PAYERS, PASSENGER_STATES, TRAVEL_MODES, PassengerState
from visits.legs.schemas import LegIn, PassengerIn

router = APIRouter(include_in_schema=False)
NEW, ONE = "visits/leg_new.html", "visits/leg.html"


@router.get("/events/{event_id}/legs/new")
async def new(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, NEW, **await _new_view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/legs/new")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    people = ticked(typed, "people")
    with form_again(NEW, partial(_new_view, event_id=event_id, caller=caller, chosen=people), typed):
        given: LegIn = checked_fields(typed, LegIn)
        state = checked(PassengerState, typed.get("state", PassengerState.booked))
        registrations = checked(list[UUID], people)
        leg = await service.add_leg(db, event_id, given, registrations, state, caller, at=at)
    return see_other(request, f"/legs/{leg.id}", N_("The leg is entered."))


@router.get("/legs/{leg_id}")
async def one(request: Request, leg_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ONE, **await leg_view(db, leg_id=leg_id, caller=caller))


@router.post("/legs/{leg_id}/passengers")
async def add_passengers(
    request: Request, leg_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    people = ticked(typed, "people")
    with form_again(ONE, partial(leg_view, leg_id=leg_id, caller=caller, chosen=people), typed):
        state = checked(PassengerState, typed.get("state", PassengerState.booked))
        registrations = checked(list[UUID], people)
        joined = await service.add_passengers(db, leg_id, registrations, state, caller, at=at)
    return see_other(request, f"/legs/{leg_id}", N_("Put on the leg: %(count)s."), count=joined)


@router.post("/legs/{leg_id}/passengers/{registration_id}")
async def change_passenger(
    request: Request, leg_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(leg_view, leg_id=leg_id, caller=caller, edited=registration_id), typed):
        given: PassengerIn = checked_fields(typed, PassengerIn)
        await service.change_passenger(db, leg_id, registration_id, given, caller, at=at)
    return see_other(request, f"/legs/{leg_id}", N_("Saved."))


@router.get("/legs/{leg_id}/passengers/{registration_id}")
async def passenger(request: Request, leg_id: UUID, registration_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ONE, **await leg_view(db, leg_id=leg_id, caller=caller, edited=registration_id))


async def _new_view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, chosen: list[str] | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return _choices() | {
        "event": event,
        "history": await audit.history(db, event.id),
        "people": [(registration.id, person) for registration, person, _ in await list_confirmed(db, event_id)],
        "chosen": set(chosen or []),
        "fields": {"day": event.first_day.isoformat()},
    }


async def leg_view(
    db: AsyncSession, *, leg_id: UUID, caller: Caller, edited: UUID | None = None, chosen: list[str] | None = None
) -> Mapping[str, object]:
    """What the page of a leg shows."""
    leg, event = await service.get_leg(db, leg_id, caller)
    passengers = (await service.passengers_of(db, [leg_id])).get(leg_id, [])
    people = {registration.id: person for registration, person, _ in await list_confirmed(db, event.id)}
    on_it = {one.registration_id: one for one in passengers}
    # Who gave back their place, or was replaced, may still have a ticket.
    left = await service.people_of(db, on_it.keys() - people.keys())
    known = people | {registration.id: person for registration, person in left}
    current = on_it.get(edited) if edited else None
    return _choices() | {
        "event": event,
        "history": await audit.history(db, event.id),
        "leg": leg,
        "fares": {
            one.id: Money.of_minor(one.fare_minor, one.fare_currency)
            for one in passengers
            if one.fare_minor is not None
        },
        "passengers": [(one, known.get(one.registration_id)) for one in passengers],
        "has_place": people.keys(),
        "others": [(id, one) for id, one in people.items() if id not in on_it or not on_it[id].is_travelling],
        "fields": LegIn.fields_of(leg),
        "chosen": None if chosen is None else set(chosen),
        "edited": edited,
        "edited_person": known.get(edited) if edited else None,
        "current": current,
    }


def _choices() -> dict[str, object]:
    return {
        "tab": "travel",
        "modes": TRAVEL_MODES,
        "states": PASSENGER_STATES,
        "payers": FARE_PAYERS,
        "zones": town_zones(),
    }
