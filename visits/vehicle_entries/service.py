"""Transfers as entries of their passengers' calendars."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.ical import Entry
from core.i18n import Words, words
from events.calendars.entries.service import Registered, as_theirs, status_of
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from visits.legs.models import Leg
from visits.vehicles.composition import PlannedVehicle
from visits.vehicles.models import Vehicle, VehiclePassenger
from visits.vehicles.reading import vehicles_of

# How long an entry is of a drive whose length nobody wrote down.
_SHORTEST = 15


def state(person_id: Any) -> sa.ScalarSelect[str]:
    """What the times of a person's vehicles rest on: the vehicles, all who ride in them, and the legs of these."""
    mine, theirs = aliased(VehiclePassenger), aliased(VehiclePassenger)
    own, other = aliased(Registration), aliased(Registration)
    told = [
        sa.func.count(),
        sa.func.sum(Vehicle.sequence),
        sa.func.max(Vehicle.changed_at),
        sa.func.sum(Leg.sequence),
        sa.func.max(Leg.changed_at),
        sa.func.sum(sa.case((col(other.status) == RegistrationStatus.confirmed, 1), else_=0)),
    ]
    whole: Any = sa.cast(told[0], sa.String)
    for one in told[1:]:
        whole = whole.concat(".").concat(sa.func.coalesce(sa.cast(one, sa.String), ""))
    return (
        sa.select(whole)
        .select_from(mine)
        .join(own, col(own.id) == mine.registration_id)
        .join(Vehicle, col(Vehicle.id) == mine.vehicle_id)
        .join(theirs, col(theirs.vehicle_id) == col(Vehicle.id))
        .join(other, col(other.id) == theirs.registration_id)
        .join(Leg, col(Leg.id) == theirs.leg_id, isouter=True)
        .where(own.person_id == person_id)
        .scalar_subquery()
    )


async def entries(db: AsyncSession, registered: Registered, domain: str, language: str) -> list[Entry]:
    """From the pick-up on, as long as the drive; by the whole day where no time is known. A seat that was taken back
    and a vehicle that does not run are shown as cancelled."""
    of = {registration.id: (registration, event) for registration, event in registered}
    found = await db.exec(
        select(VehiclePassenger, Vehicle.event_id)
        .join(Vehicle, col(Vehicle.id) == VehiclePassenger.vehicle_id)
        .where(col(VehiclePassenger.registration_id).in_(of))
        .order_by(col(VehiclePassenger.id))
    )
    mine = found.all()
    events = {event_id for _, event_id in mine}
    planned = {one.vehicle.id: one for one in await vehicles_of(db, events)} if events else {}
    moved = await _sequences(db, list(planned)) if planned else {}
    say, made = words(language), []
    for passenger, _ in mine:
        registration, event = of[passenger.registration_id]
        one = planned[passenger.vehicle_id]
        made.append(as_theirs(_entry(passenger, one, event, domain, say, moved.get(one.vehicle.id, 0)), registration))
    return made


def _entry(
    passenger: VehiclePassenger, one: PlannedVehicle, event: Event, domain: str, say: Words, moved: int
) -> Entry:
    pick_up = one.pick_up_of(passenger.registration_id)
    vehicle, leaves = one.vehicle, pick_up and pick_up.instant
    is_off = not one.is_running or passenger.removed_at is not None or not one.is_riding(passenger.registration_id)
    lasts = timedelta(minutes=max(vehicle.drive_minutes, _SHORTEST))
    name = say.translate("Transfer")
    told = [
        (say.translate("Meeting point"), vehicle.meeting_point),
        (say.translate("On the sign"), vehicle.sign_text),
        (say.translate("Vehicle"), vehicle.name),
    ]
    return Entry(
        uid=f"{passenger.id}@{domain}",
        title=f"{name}: {vehicle.origin} → {vehicle.destination}",
        starts=leaves or vehicle.day,
        ends=leaves + lasts if leaves else vehicle.day,
        zone=pick_up.zone if pick_up else vehicle.zone,
        venue=vehicle.meeting_point or vehicle.origin,
        text="\n".join(f"{label}: {value}" for label, value in told if value),
        sequence=vehicle.sequence + moved + event.sequence,
        status="CANCELLED" if is_off else status_of(event),
        created_at=vehicle.created_at,
        changed_at=max([vehicle.changed_at, passenger.changed_at, event.changed_at, *_changes(one)]),
        category=say.translate("Journey"),
    )


def _changes(one: PlannedVehicle) -> list[Any]:
    return [leg.changed_at for leg in one.legs]


async def _sequences(db: AsyncSession, vehicle_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often what a vehicle's time follows from has changed: its passengers' legs, and who of them gave up the
    place. Rows of passengers are never deleted, so that this never falls."""
    found = await db.exec(
        select(VehiclePassenger.vehicle_id, VehiclePassenger.leg_id, Registration.status, Leg.sequence)
        .join(Registration, col(Registration.id) == VehiclePassenger.registration_id)
        .join(Leg, col(Leg.id) == VehiclePassenger.leg_id, isouter=True)
        .where(col(VehiclePassenger.vehicle_id).in_(vehicle_ids))
    )
    legs: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    gone: dict[UUID, int] = defaultdict(int)
    for vehicle_id, leg_id, status, sequence in found:
        if leg_id is not None:
            legs[vehicle_id][leg_id] = sequence
        gone[vehicle_id] += status is not RegistrationStatus.confirmed
    return {id: sum(legs[id].values()) + gone[id] for id in vehicle_ids}
