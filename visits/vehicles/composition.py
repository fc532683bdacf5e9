"""Vehicles with their passengers, put together from rows: who rides, when it leaves, who waits, what is found."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from visits.changes.rules import PickUpMisfit, PlannedTransfer, VisitState, pick_up, pick_up_misfit
from visits.checks.connections import in_order
from visits.checks.rules import FindingCode, FindingSeverity, TravelFinding, finding
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import travel_leg
from visits.transfers.rules import STEP_MINUTES, Arrival, is_out, pick_up_before, vehicles_for
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import LocalTime, TravelLeg, Traveller
from visits.vehicles.models import Vehicle, VehiclePassenger
from visits.vehicles.rules import FETCHED_MODES, VehicleDirection, arrivals_at_visit

Legs = Sequence[tuple[Leg, Sequence[LegPassenger]]]
LegsOf = Mapping[UUID, Sequence[Leg]]


@dataclass(frozen=True)
class Ride:
    """One passenger with the leg they ride because of; `waits` are minutes from being out to the pick-up."""

    registration_id: UUID
    leg: Leg | None
    is_riding: bool
    waits: int | None = None


@dataclass(frozen=True)
class PlannedVehicle:
    """A vehicle, who has a seat in it, and when it leaves: None where no time is known. `misfit` is how far a time set
    by hand is from what the legs ask."""

    vehicle: Vehicle
    rides: Sequence[Ride]
    pick_up: LocalTime | None
    transfer: PlannedTransfer
    misfit: PickUpMisfit | None = None

    @property
    def people(self) -> int:
        return len(self.transfer.passengers)

    @property
    def free(self) -> int:
        return max(self.vehicle.seats - self.people, 0)

    @property
    def is_full(self) -> bool:
        """More people than seats."""
        return self.people > self.vehicle.seats

    @property
    def is_running(self) -> bool:
        return self.vehicle.cancelled_at is None

    @property
    def legs(self) -> list[Leg]:
        """The legs it serves, as they come."""
        legs = {ride.leg.id: ride.leg for ride in self.rides if ride.leg and ride.is_riding}
        return sorted(legs.values(), key=lambda leg: (leg.arrives or leg.departs).earliest)

    @property
    def earliest(self) -> tuple[date, LocalTime]:
        """For lists: by when it leaves, what is not known at the beginning of its day."""
        return self.vehicle.day, self.pick_up or LocalTime(self.vehicle.day, self.vehicle.zone)

    def is_riding(self, registration_id: UUID) -> bool:
        return str(registration_id) in self.transfer.passengers

    def pick_up_of(self, registration_id: UUID) -> LocalTime | None:
        """What this passenger is told: nothing, where a time set by hand is one at which they have not landed, or at
        whose end their leg has left. Somebody will set another."""
        leg = next((ride.leg for ride in self.rides if ride.registration_id == registration_id), None)
        return None if leg and self.is_impossible_for(leg) else self.pick_up

    def is_impossible_for(self, leg: Leg) -> bool:
        """Whether it was told by hand to leave before this leg has arrived, or to be there after it has left."""
        leaves = self.pick_up.instant if self.pick_up else None
        if self.misfit is None or self.misfit.is_wait or leaves is None:
            return False
        if self.transfer.is_before:
            there = leaves + timedelta(minutes=self.vehicle.drive_minutes)
            return leg.departs.instant is not None and there > leg.departs.instant
        return bool(leg.arrives and leg.arrives.instant and leaves < leg.arrives.instant)


def travelled_by(legs: Legs) -> LegsOf:
    """The legs from which somebody is fetched or to which they are taken, by person, as they leave."""
    found: dict[UUID, list[Leg]] = defaultdict(list)
    for leg, passengers in legs:
        if leg.cancelled_at is None and leg.mode in FETCHED_MODES:
            for one in passengers:
                if one.is_travelling:
                    found[one.registration_id].append(leg)
    return found


def legs_on(vehicle: Vehicle, registration_id: UUID, legs: LegsOf) -> list[Leg]:
    """A person's legs that this vehicle may serve: of its day, as they leave."""
    return [leg for leg in legs.get(registration_id, ()) if _day(vehicle, leg) == vehicle.day]


def leg_for(vehicle: Vehicle, registration_id: UUID, legs: LegsOf) -> Leg | None:
    """The leg because of which somebody rides: their last arrival of the day, or their first departure."""
    found = legs_on(vehicle, registration_id, legs) if vehicle.direction is not VehicleDirection.between else []
    if not found:
        return None
    return found[-1] if vehicle.direction is VehicleDirection.arrivals else found[0]


def _day(vehicle: Vehicle, leg: Leg) -> date:
    if vehicle.direction is VehicleDirection.departures:
        return leg.day
    return leg.arrives.day if leg.arrives else leg.day


def planned_vehicle(
    vehicle: Vehicle,
    passengers: Sequence[VehiclePassenger],
    legs: LegsOf,
    settings: TravelSettings = DEFAULTS,
) -> PlannedVehicle:
    """`passengers` are those with a place whose seat was not taken back. Who had a leg that is off rides no more."""
    seats: list[tuple[UUID, Leg | None, bool]] = []
    for one in passengers:
        leg = leg_for(vehicle, one.registration_id, legs)
        if one.leg_id is not None:
            same_day = legs_on(vehicle, one.registration_id, legs)
            leg = next((other for other in same_day if other.id == one.leg_id), None)
        seats.append((one.registration_id, leg, one.leg_id is None or leg is not None))
    riding = {id: leg for id, leg, is_riding in seats if is_riding}
    is_between = vehicle.direction is VehicleDirection.between
    transfer = PlannedTransfer(
        name=str(vehicle.id),
        passengers=frozenset(map(str, riding)),
        # Between two places it goes by a time of its own, also where it was to meet somebody before.
        legs=frozenset(str(leg.id) for leg in riding.values() if leg and not is_between),
        is_before=vehicle.direction is VehicleDirection.departures,
        drive=vehicle.drive_minutes,
        fixed=vehicle.fixed,
    )
    served = {str(leg.id): leg for leg in riding.values() if leg}
    served_legs = {key: travel_leg(leg) for key, leg in served.items()}
    on_leg: dict[str, set[str]] = defaultdict(set)
    for id, leg in riding.items():
        if leg:
            on_leg[str(leg.id)].add(str(id))
    state = VisitState(served_legs, {key: frozenset(people) for key, people in on_leg.items()})
    leaves = pick_up(transfer, state, settings)
    is_fetching = vehicle.direction is VehicleDirection.arrivals
    waits = {key: _waits(leg, leaves, settings) for key, leg in served_legs.items()} if is_fetching else {}
    rides = [
        Ride(id, leg, is_riding, waits.get(str(leg.id)) if leg and is_riding else None) for id, leg, is_riding in seats
    ]
    return PlannedVehicle(vehicle, rides, leaves, transfer, pick_up_misfit(transfer, state, settings))


def _waits(leg: TravelLeg, leaves: LocalTime | None, settings: TravelSettings) -> int | None:
    """Minutes from standing before the building to the pick-up; below none where it leaves before."""
    out = is_out(_arrival(leg, leg.arrives, leg.key), settings) if leg.arrives else None
    at = leaves and leaves.instant
    return round((at - out).total_seconds() / 60) if out and at else None


def _arrival(leg: TravelLeg, arrives: LocalTime, key: str, people: int = 1) -> Arrival:
    return Arrival(key, arrives, bool(leg.crosses_border), leg.mode, people)


def transfer_findings(
    registration_id: UUID,
    person: Traveller,
    vehicles: Sequence[PlannedVehicle],
    settings: TravelSettings = DEFAULTS,
) -> list[TravelFinding]:
    """What is wrong with one person's transfers. That nobody meets them is found once vehicles that fetch are planned
    for the visit at all."""
    running = [one for one in vehicles if one.is_running]
    mine = [one for one in running if one.is_riding(registration_id)]
    found = []
    for one in mine:
        if one.is_full:
            numbers = {"vehicle": one.vehicle.name, "people": one.people, "seats": one.vehicle.seats}
            found.append(finding(FindingCode.vehicle_full, str(one.vehicle.id), numbers=numbers))
        found += _misfits(registration_id, one, settings)
        for ride in one.rides:
            if ride.registration_id == registration_id and ride.leg and (ride.waits or 0) > settings.longest_wait:
                keys = str(ride.leg.id), str(one.vehicle.id)
                found.append(finding(FindingCode.waits_long, *keys, leg=ride.leg.label, minutes=ride.waits))
    if any(one.vehicle.direction is VehicleDirection.arrivals for one in running):
        met = {key for one in mine if not one.transfer.is_before for key in one.transfer.legs}
        met |= {leg.key for leg in person.legs for one in mine if _fetches_at(one, leg)}
        missing = [leg for leg in arrivals_at_visit(person, settings) if leg.key not in met]
        found += [finding(FindingCode.nobody_meets, leg.key, leg=leg.label) for leg in missing]
    return found


def _misfits(registration_id: UUID, one: PlannedVehicle, settings: TravelSettings) -> list[TravelFinding]:
    """That a pick-up set by hand does not fit this passenger's leg."""
    ride = next((ride for ride in one.rides if ride.registration_id == registration_id), None)
    if one.misfit is None or one.misfit.is_wait or ride is None or ride.leg is None or one.pick_up is None:
        return []
    early = 0 if ride.waits is None else -ride.waits
    minutes = _minutes_late(one, ride.leg, settings) if one.transfer.is_before else early
    if minutes <= 0 or one.pick_up.clock is None:
        return []
    code = FindingCode.pick_up_late if one.transfer.is_before else FindingCode.pick_up_early
    severity = FindingSeverity.error if one.is_impossible_for(ride.leg) else None
    leaves = f"{one.pick_up.clock:%H:%M}"
    numbers = {"vehicle": one.vehicle.name, "leg": ride.leg.label, "leaves": leaves, "minutes": minutes}
    return [finding(code, str(ride.leg.id), str(one.vehicle.id), severity=severity, numbers=numbers)]


def _minutes_late(one: PlannedVehicle, leg: Leg, settings: TravelSettings) -> int:
    """How much too late it leaves for this departure; others of its passengers may leave sooner or later."""
    people = len(one.transfer.passengers)
    needed = pick_up_before(travel_leg(leg), drive=one.transfer.drive, people=people, settings=settings)
    if needed is None or needed.instant is None or one.pick_up is None or one.pick_up.instant is None:
        return 0
    minutes = round((one.pick_up.instant - needed.instant).total_seconds() / 60)
    return minutes if minutes >= STEP_MINUTES else 0


def _fetches_at(one: PlannedVehicle, leg: TravelLeg) -> bool:
    """Whether a vehicle that goes by a time of its own leaves where and when this leg has come."""
    arrived = leg.arrives and leg.arrives.day == one.vehicle.day
    return one.vehicle.direction is VehicleDirection.between and bool(arrived)


def led_between(
    registration_id: UUID, legs: Sequence[TravelLeg], vehicles: Sequence[PlannedVehicle]
) -> frozenset[tuple[str, str]]:
    """Pairs of one leg and the next, by keys, of which a planned vehicle takes the person to the start of the next."""
    served = {
        key
        for one in vehicles
        if one.is_running and one.transfer.is_before and one.is_riding(registration_id)
        for key in one.transfer.legs
    }
    return frozenset((one.key, other.key) for one, other in pairwise(in_order(legs)) if other.key in served)


@dataclass(frozen=True)
class SuggestedVehicle:
    """One vehicle for arrivals at one place: `riders` by registration with the leg they come by."""

    origin: str
    pick_up: LocalTime
    longest_wait: int
    riders: Sequence[tuple[UUID, Leg]]

    @property
    def legs(self) -> list[Leg]:
        return list({leg.id: leg for _, leg in self.riders}.values())


@dataclass(frozen=True)
class VehicleSuggestion:
    """Vehicles for a day's arrivals; `digest` is of what is suggested. Of `unknown` no time of arrival is known."""

    vehicles: Sequence[SuggestedVehicle]
    unknown: Sequence[tuple[UUID, Leg]]

    @property
    def digest(self) -> str:
        told = [
            [one.origin, one.pick_up.to_json(), sorted(f"{rider} {leg.id}" for rider, leg in one.riders)]
            for one in self.vehicles
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def suggested(arriving: Mapping[UUID, Leg], *, seats: int, settings: TravelSettings = DEFAULTS) -> VehicleSuggestion:
    """As few vehicles as will do for people by the leg on which they come, place by place. People of one leg ride
    together as long as there are seats."""
    by_leg: dict[UUID, list[UUID]] = defaultdict(list)
    legs = {leg.id: leg for leg in arriving.values()}
    for rider, leg in arriving.items():
        by_leg[leg.id].append(rider)
    unknown = [(rider, leg) for rider, leg in arriving.items() if not (leg.arrives and leg.arrives.clock)]
    groups: dict[str, dict[str, list[tuple[UUID, Leg]]]] = defaultdict(dict)
    places: dict[str, list[Arrival]] = defaultdict(list)
    for id, riders in by_leg.items():
        leg = legs[id]
        if not (leg.arrives and leg.arrives.clock):
            continue
        for first in range(0, len(riders), seats):
            part = riders[first : first + seats]
            key = f"{id} {first}"
            groups[leg.to_label][key] = [(rider, leg) for rider in part]
            places[leg.to_label].append(_arrival(travel_leg(leg), leg.arrives, key, len(part)))
    made = [
        SuggestedVehicle(
            place,
            run.pick_up,
            run.longest_wait,
            [one for arrival in run.arrivals for one in groups[place][arrival.key]],
        )
        for place, arrivals in places.items()
        for run in vehicles_for(arrivals, seats=seats, settings=settings)
    ]
    return VehicleSuggestion(sorted(made, key=lambda one: one.pick_up.earliest), unknown)
