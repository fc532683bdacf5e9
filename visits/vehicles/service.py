"""Ordering vehicles, giving seats in them, and taking over what was suggested."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import N_, NotFound, Unacceptable
from core.zones import instant_of, zone_of
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.rules import must_take_place
from events.programme.events.service import get_event, lock_event_for
from events.programme.lifecycle.rules import Shift
from visits.legs.models import Leg
from visits.legs.service import legs_with_passengers
from visits.project_settings.service import settings_of
from visits.stays.service import list_beds
from visits.vehicles.composition import (
    Legs,
    PlannedVehicle,
    VehicleSuggestion,
    leg_for,
    planned_vehicle,
    suggested,
    travelled_by,
)
from visits.vehicles.documents import DriverSheet, SheetLeg, driver_sheets_pdf
from visits.vehicles.models import Vehicle, VehiclePassenger
from visits.vehicles.reading import vehicles_in
from visits.vehicles.rules import (
    FETCHED_MODES,
    KEPT_AFTER,
    SuggestionIsOld,
    VehicleDirection,
    VehicleIsCancelled,
    VehicleIsFull,
)
from visits.vehicles.schemas import DriverSheetIn, SuggestionIn, SuggestionTaken, VehicleIn

VEHICLES = N_("Vehicles that do not move: they have to be ordered anew")
# Of one event; a delegation of two hundred has some forty.
MOST = 500


@dataclass(frozen=True)
class Unmet:
    """Who comes on a day, and by what, and has no seat in a vehicle."""

    registration_id: UUID
    leg: Leg


async def add_vehicle(db: AsyncSession, event_id: UUID, given: VehicleIn, caller: Caller, *, at: datetime) -> Vehicle:
    """Order a vehicle; nobody rides in it yet. Raises NotFound, Unacceptable beside the field, EventIsOver."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    vehicle = await _new(db, event, given, at=at)
    _note(db, "vehicle.added", event, vehicle, caller, at=at)
    await db.flush()
    return vehicle


async def change_vehicle(
    db: AsyncSession, vehicle_id: UUID, given: VehicleIn, caller: Caller, *, at: datetime
) -> Vehicle:
    """Another time, place, size or driver; calendars follow. A smaller one may have too few seats: that is found, not
    refused. Raises NotFound, VehicleIsCancelled, Unacceptable beside the field."""
    vehicle, event = await get_vehicle(db, vehicle_id, caller, lock=True)
    _must_run(vehicle)
    for name, value in _values(event, given).items():
        setattr(vehicle, name, value)
    _touch(vehicle, at=at)
    _note(db, "vehicle.changed", event, vehicle, caller, at=at)
    await db.flush()
    return vehicle


async def cancel_vehicle(db: AsyncSession, vehicle_id: UUID, caller: Caller, *, at: datetime) -> Vehicle:
    """It does not run: entries in calendars say so. Raises NotFound."""
    vehicle, event = await get_vehicle(db, vehicle_id, caller, lock=True)
    if vehicle.cancelled_at is None:
        vehicle.cancelled_at = at
        _touch(vehicle, at=at)
        _note(db, "vehicle.cancelled", event, vehicle, caller, at=at)
        await db.flush()
    return vehicle


async def add_passengers(
    db: AsyncSession, vehicle_id: UUID, registrations: Sequence[UUID], caller: Caller, *, at: datetime
) -> Vehicle:
    """Give seats to people with a place. Each rides because of their leg of that day, if they have one; a seat for the
    same leg in another vehicle is given up. Raises NotFound, VehicleIsFull, VehicleIsCancelled, Unacceptable."""
    vehicle, event = await get_vehicle(db, vehicle_id, caller, lock=True)
    _must_run(vehicle)
    wanted = list(dict.fromkeys(registrations))
    people = {registration.id for registration, _, _ in await list_confirmed(db, event.id)}
    if not wanted or not people.issuperset(wanted):
        raise Unacceptable("registrations", N_("Choose people who have a place at this event."))
    legs = travelled_by(await legs_with_passengers(db, event.id))
    rows = await _rows(db, vehicle.id)
    kept = [one for id, one in rows.items() if one.removed_at is None and id in people and id not in wanted]
    taken = planned_vehicle(vehicle, kept, legs).people
    if taken + len(wanted) > vehicle.seats:
        free = max(vehicle.seats - taken, 0)
        raise VehicleIsFull("registrations", free=free, wanted=len(wanted))
    for id in wanted:
        leg = leg_for(vehicle, id, legs)
        await _seat(db, vehicle, rows.get(id), id, leg, at=at)
    _touch(vehicle, at=at)
    _note(db, "vehicle.passengers", event, vehicle, caller, at=at, people=len(wanted))
    await db.flush()
    return vehicle


async def remove_passenger(
    db: AsyncSession, vehicle_id: UUID, registration_id: UUID, caller: Caller, *, at: datetime
) -> Vehicle:
    """Take a seat back; the calendar of that person says that it is off. Raises NotFound."""
    vehicle, event = await get_vehicle(db, vehicle_id, caller, lock=True)
    row = (await _rows(db, vehicle.id)).get(registration_id)
    if row is None:
        raise NotFound()
    if row.removed_at is None:
        row.removed_at = row.changed_at = at
        _touch(vehicle, at=at)
        _note(db, "vehicle.passenger_left", event, vehicle, caller, at=at, registration=registration_id)
        await db.flush()
    return vehicle


async def suggest(db: AsyncSession, event_id: UUID, given: SuggestionIn, caller: Caller) -> VehicleSuggestion:
    """Vehicles for everybody who comes on a day and has no seat yet. Nothing is entered. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    return await _suggested(db, event, given)


async def take_suggestion(
    db: AsyncSession, event_id: UUID, given: SuggestionTaken, names: str, caller: Caller, *, at: datetime
) -> list[Vehicle]:
    """Enter the vehicles that were suggested, with their passengers, named `names` and a number. Raises NotFound,
    EventIsOver, SuggestionIsOld where something else would be suggested by now."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    suggestion = await _suggested(db, event, given)
    if suggestion.digest != given.digest or not suggestion.vehicles:
        raise SuggestionIsOld()
    made = []
    there = await _count(db, event.id)
    for number, one in enumerate(suggestion.vehicles, start=there + 1):
        ordered = VehicleIn(
            name=f"{names} {number}",
            seats=given.seats,
            origin=one.origin,
            destination=given.destination,
            day=given.day,
            zone=one.pick_up.zone,
            drive_minutes=given.drive_minutes,
        )
        vehicle = await _new(db, event, ordered, at=at)
        for id, leg in one.riders:
            db.add(VehiclePassenger(vehicle_id=vehicle.id, registration_id=id, leg_id=leg.id, changed_at=at))
        _note(db, "vehicle.added", event, vehicle, caller, at=at, people=len(one.riders))
        made.append(vehicle)
    await db.flush()
    return made


async def get_vehicle(
    db: AsyncSession, vehicle_id: UUID, caller: Caller, *, lock: bool = False
) -> tuple[Vehicle, Event]:
    """A vehicle whose project the caller may reach, with its event; `lock` also locks the event. Raises NotFound."""
    return await get_with_event(db, Vehicle, vehicle_id, caller, lock=lock)


async def get_planned(db: AsyncSession, vehicle_id: UUID, caller: Caller) -> tuple[PlannedVehicle, Event]:
    """The same with its passengers and its time. Raises NotFound."""
    vehicle, event = await get_vehicle(db, vehicle_id, caller)
    return next(one for one in await vehicles_in(db, event.id) if one.vehicle.id == vehicle.id), event


VEHICLE_SORTS: Mapping[str, Callable[[PlannedVehicle], Any]] = {
    "time": lambda one: one.pick_up and (one.pick_up.day, one.pick_up.earliest),
    "vehicle": lambda one: sort_key(one.vehicle.name),
    "way": lambda one: sort_key(f"{one.vehicle.origin} {one.vehicle.destination}".strip()),
    "seats": lambda one: one.vehicle.seats,
}


async def board_of(db: AsyncSession, event_id: UUID, caller: Caller) -> tuple[Event, list[PlannedVehicle], list[Unmet]]:
    """The vehicles of an event, and who comes without a seat in one, as they come. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    legs = await legs_with_passengers(db, event_id)
    planned = await vehicles_in(db, event_id, legs)
    people = [registration.id for registration, _, _ in await list_confirmed(db, event_id)]
    return event, planned, _unmet(event, planned, people, legs)


async def hotels_of(db: AsyncSession, event_id: UUID, unmet: Sequence[Unmet]) -> list[str]:
    """In which hotels these people sleep on the night of their arrival, by name: where a vehicle would take them. An
    empty name stands for those who have none."""
    if not unmet:
        return []
    beds: dict[UUID, list[tuple[date, date, str]]] = defaultdict(list)
    for stay, hotel, _ in await list_beds(db, event_id):
        beds[stay.registration_id].append((stay.check_in, stay.check_out, hotel.name if hotel else ""))
    found = set()
    for one in unmet:
        night = _comes_on(one.leg)
        there = [name for check_in, check_out, name in beds[one.registration_id] if check_in <= night < check_out]
        found.add(there[0] if there else "")
    return sorted(found)


async def driver_sheets(
    db: AsyncSession, event_id: UUID, given: DriverSheetIn, caller: Caller, *, at: datetime
) -> bytes:
    """One page a vehicle for whoever drives it; the history keeps who made them for whom. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    planned = [one for one in await vehicles_in(db, event_id) if one.vehicle.id in given.vehicles and one.is_running]
    if len(planned) != len(set(given.vehicles)):
        raise NotFound()
    people = {registration.id: person for registration, person, _ in await list_confirmed(db, event_id)}
    sheets = [_sheet(event.title_in(given.language), one, people) for one in planned]
    audit.record(
        db,
        "vehicle.sheets",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=given.recipient,
        vehicles=len(sheets),
    )
    await db.flush()
    return await asyncio.to_thread(
        driver_sheets_pdf, sheets, given.recipient, given.language, made_at=at, zone=event.zone
    )


def _sheet(title: str, one: PlannedVehicle, people: Mapping[UUID, Person]) -> DriverSheet:
    riding = [ride for ride in one.rides if ride.is_riding and ride.registration_id in people]
    legs = [
        SheetLeg(
            leg.label,
            leg.from_label,
            leg.to_label,
            leg.departs if one.transfer.is_before else leg.arrives,
            leg.origin_terminal if one.transfer.is_before else leg.destination_terminal,
            sum(ride.leg is not None and ride.leg.id == leg.id for ride in riding),
        )
        for leg in one.legs
    ]
    names = [
        (people[ride.registration_id].name, ride.leg.label if ride.leg else "")
        for ride in sorted(riding, key=lambda ride: people[ride.registration_id].sort_key)
    ]
    return DriverSheet(title, one.vehicle, one.pick_up, legs, names)


async def count_vehicles(db: AsyncSession, event_id: UUID) -> list[tuple[str, int]]:
    """How many vehicles a postponement leaves where they are, in words."""
    return [(VEHICLES, await _count(db, event_id))]


async def leave_vehicles(db: AsyncSession, event_id: UUID, shift: Shift) -> None:
    """Vehicles stay on the day of the legs that they serve."""


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Empty what is known of drivers and contacts of visits that are over for long."""
    over = select(Event.id).where(col(Event.last_day) < (at - KEPT_AFTER).date())
    names = ("plate", "driver_name", "driver_phone", "contact_name", "contact_phone", "sign_text", "baggage")
    # Encrypted columns: what is empty in clear was emptied here.
    filled = sa.or_(*(sa.type_coerce(getattr(Vehicle, name), sa.Text) != "" for name in names))
    emptied: dict[str, Any] = dict.fromkeys(names, sa.literal_column("''"))
    await db.exec(update(Vehicle).where(col(Vehicle.event_id).in_(over), filled).values(emptied))


async def _new(db: AsyncSession, event: Event, given: VehicleIn, *, at: datetime) -> Vehicle:
    if await _count(db, event.id) >= MOST:
        raise Unacceptable("name", N_("There are five hundred vehicles already."))
    vehicle = Vehicle(event_id=event.id, created_at=at, changed_at=at, **_values(event, given))
    db.add(vehicle)
    await db.flush()
    return vehicle


async def _count(db: AsyncSession, event_id: UUID) -> int:
    running = select(sa.func.count()).select_from(Vehicle).where(Vehicle.event_id == event_id)
    return (await db.exec(running.where(col(Vehicle.cancelled_at).is_(None)))).one()


async def _rows(db: AsyncSession, vehicle_id: UUID) -> dict[UUID, VehiclePassenger]:
    found = await db.exec(select(VehiclePassenger).where(VehiclePassenger.vehicle_id == vehicle_id))
    return {one.registration_id: one for one in found}


async def _seat(
    db: AsyncSession, vehicle: Vehicle, row: VehiclePassenger | None, id: UUID, leg: Leg | None, *, at: datetime
) -> None:
    if leg is not None:
        others = await db.exec(
            select(VehiclePassenger, Vehicle)
            .join(Vehicle, col(Vehicle.id) == VehiclePassenger.vehicle_id)
            .where(
                VehiclePassenger.registration_id == id,
                VehiclePassenger.leg_id == leg.id,
                VehiclePassenger.vehicle_id != vehicle.id,
                Vehicle.direction == vehicle.direction,
                col(VehiclePassenger.removed_at).is_(None),
            )
        )
        for other, given_up in others:
            other.removed_at = other.changed_at = at
            _touch(given_up, at=at)
    if row is None:
        row = VehiclePassenger(vehicle_id=vehicle.id, registration_id=id, changed_at=at)
        db.add(row)
    elif row.leg_id and (former := await db.get(Leg, row.leg_id)):
        # What a calendar is told is counted by the changes of legs too: it must not fall.
        vehicle.sequence += former.sequence
    row.leg_id, row.removed_at, row.changed_at = leg.id if leg else None, None, at


async def _suggested(db: AsyncSession, event: Event, given: SuggestionIn) -> VehicleSuggestion:
    legs = await legs_with_passengers(db, event.id)
    planned = await vehicles_in(db, event.id, legs)
    people = [registration.id for registration, _, _ in await list_confirmed(db, event.id)]
    coming = [one for one in _unmet(event, planned, people, legs) if _comes_on(one.leg) == given.day]
    settings = await settings_of(db, event.project_id)
    return suggested({one.registration_id: one.leg for one in coming}, seats=given.seats, settings=settings)


def _unmet(event: Event, planned: Sequence[PlannedVehicle], people: Sequence[UUID], legs: Legs) -> list[Unmet]:
    """Each person's last arrival of a day in the event's country, if no vehicle fetches them from it."""
    running = [one for one in planned if one.is_running and not one.transfer.is_before]
    met = {(ride.registration_id, ride.leg.id) for one in running for ride in one.rides if ride.leg and ride.is_riding}
    fetched = {(ride.registration_id, one.vehicle.day) for one in running for ride in one.rides if ride.is_riding}
    wanted, last = set(people), {}
    for leg, passengers in legs:
        if leg.cancelled_at or leg.mode not in FETCHED_MODES or leg.destination_country not in ("", event.country):
            continue
        for one in passengers:
            if one.is_travelling and one.registration_id in wanted:
                last[one.registration_id, _comes_on(leg)] = leg
    found = [Unmet(id, leg) for (id, day), leg in last.items() if (id, leg.id) not in met and (id, day) not in fetched]
    return sorted(found, key=lambda one: (one.leg.arrives or one.leg.departs).earliest)


def _comes_on(leg: Leg) -> Any:
    return leg.arrives.day if leg.arrives else leg.day


def _values(event: Event, given: VehicleIn) -> dict[str, Any]:
    """A vehicle's columns from what was typed. Raises Unacceptable beside the field."""
    if given.direction is VehicleDirection.between and given.pick_up is None:
        raise Unacceptable("pick_up", N_("Between two places a vehicle leaves by a time of its own: please write it."))
    zone = given.zone or event.zone
    fixed = None
    if given.pick_up is not None:
        fixed = instant_of(datetime.combine(given.day, given.pick_up), zone_of(zone), "pick_up")
    return given.model_dump(exclude={"pick_up", "zone"}) | {"zone": zone, "fixed_at": fixed}


def _must_run(vehicle: Vehicle) -> None:
    if vehicle.cancelled_at:
        raise VehicleIsCancelled()


def _touch(vehicle: Vehicle, *, at: datetime) -> None:
    vehicle.sequence += 1
    vehicle.changed_at = at


def _note(
    db: AsyncSession, act: str, event: Event, vehicle: Vehicle, caller: Caller, *, at: datetime, **facts: Any
) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, vehicle=vehicle.id, **facts)
