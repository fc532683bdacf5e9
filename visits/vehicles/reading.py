"""Reading the vehicles of an event with all that their times rest on."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import takes_part
from events.programme.events.models import Event
from visits.legs.service import legs_with_passengers
from visits.project_settings.models import ProjectTravelSettings
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.vehicles.composition import Legs, PlannedVehicle, planned_vehicle, travelled_by
from visits.vehicles.models import Vehicle, VehiclePassenger


async def vehicles_in(db: AsyncSession, event_id: UUID, legs: Legs | None = None) -> list[PlannedVehicle]:
    """All vehicles of an event as they leave, cancelled ones too. `legs` are those of everybody with a place, if they
    are known already."""
    return await vehicles_of(db, [event_id], legs)


async def vehicles_of(db: AsyncSession, event_ids: Collection[UUID], legs: Legs | None = None) -> list[PlannedVehicle]:
    """The same of several events: two queries, one where there are none."""
    taking_part = select(Registration.id).where(col(Registration.event_id).in_(event_ids), takes_part())
    has_seat = sa.and_(
        col(VehiclePassenger.vehicle_id) == col(Vehicle.id),
        col(VehiclePassenger.removed_at).is_(None),
        col(VehiclePassenger.registration_id).in_(taking_part),
    )
    found = await db.exec(
        select(Vehicle, VehiclePassenger, ProjectTravelSettings)
        .join(Event, col(Event.id) == Vehicle.event_id)
        .join(VehiclePassenger, has_seat, isouter=True)
        .join(ProjectTravelSettings, col(ProjectTravelSettings.project_id) == Event.project_id, isouter=True)
        .where(col(Vehicle.event_id).in_(event_ids))
        .order_by(col(Vehicle.id), col(VehiclePassenger.id))
    )
    rows: dict[UUID, tuple[Vehicle, list[VehiclePassenger], TravelSettings]] = {}
    for vehicle, passenger, own in found:
        passengers = rows.setdefault(vehicle.id, (vehicle, [], own.settings if own else DEFAULTS))[1]
        if passenger is not None:
            passengers.append(passenger)
    if not rows:
        return []
    legs = await legs_with_passengers(db, *event_ids) if legs is None else legs
    of = travelled_by(legs)
    planned = [planned_vehicle(vehicle, passengers, of, settings) for vehicle, passengers, settings in rows.values()]
    return sorted(planned, key=lambda one: (one.earliest[0], one.earliest[1].earliest))
