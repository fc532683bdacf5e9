"""Vehicles and the people who ride in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from visits.travel_types import LocalTime, local_time
from visits.vehicles.rules import VehicleDirection


class Vehicle(SQLModel, table=True):
    """One drive of one vehicle on a day at its place (`zone`).

    When it leaves follows from the legs of its passengers, unless `fixed_at` was set by hand. `drive_minutes` is the
    way without getting in. `sequence` rises when anything changes that a calendar shows (iCalendar).
    """

    __tablename__ = "vehicle"
    __table_args__ = (CheckConstraint("seats > 0", name="has_seats"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    direction: VehicleDirection = choice(VehicleDirection)
    name: str = Field(max_length=80)
    plate: str = secret(default="")
    seats: int
    driver_name: str = secret(default="")
    driver_phone: str = secret(default="")
    contact_name: str = secret(default="")
    contact_phone: str = secret(default="")
    meeting_point: str = secret(default="")
    sign_text: str = secret(default="")
    baggage: str = secret(default="")
    origin: str = Field(max_length=120)
    destination: str = Field(max_length=120)
    day: date
    zone: str = Field(max_length=64)
    drive_minutes: int = 0
    fixed_at: datetime | None = instant(default=None, nullable=True)
    cancelled_at: datetime | None = instant(default=None, nullable=True)
    sequence: int = 0
    created_at: datetime = instant()
    changed_at: datetime = instant()

    @property
    def fixed(self) -> LocalTime | None:
        """The time that was set by hand, by the clock of the place."""
        return local_time(self.fixed_at, self.zone) if self.fixed_at else None


class VehiclePassenger(SQLModel, table=True):
    """One person's seat. With a leg it is theirs as long as they travel on that leg, on the vehicle's day; what was
    taken back keeps its row, so that calendars can say that it is off."""

    __tablename__ = "vehicle_passenger"
    __table_args__ = (UniqueConstraint("vehicle_id", "registration_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    vehicle_id: UUID = Field(foreign_key="vehicle.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    leg_id: UUID | None = Field(default=None, foreign_key="leg.id", index=True)
    removed_at: datetime | None = instant(default=None, nullable=True)
    changed_at: datetime = instant()
