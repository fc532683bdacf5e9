"""Stays: nights in one place."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id
from visits.stays.rules import NightSpan, StayPlace


class Stay(SQLModel, table=True):
    """Nights from check-in to check-out of one registration; who provides the bed decides on deductions. `sequence`
    rises when days or place change (iCalendar), `booked_at` is when they were entered last. In a hotel of the visit,
    `hotel_id` says which and `room_id` in which of its rooms. Two beds for one night are possible, and found.
    Nothing is paid for nights that are `is_personal`."""

    __tablename__ = "stay"
    __table_args__ = (
        UniqueConstraint("registration_id", "check_in", "hotel_id"),
        CheckConstraint("check_out > check_in", name="at_least_a_night"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    check_in: date
    check_out: date
    country: str = Field(max_length=2)
    city: str = Field(default="", max_length=80)
    hotel_id: UUID | None = Field(default=None, foreign_key="hotel.id", index=True)
    room_id: UUID | None = Field(default=None, foreign_key="room.id", index=True)
    is_bed_provided: bool = False
    has_breakfast: bool = False
    is_personal: bool = False
    sequence: int = 0
    booked_at: datetime = instant()

    @property
    def span(self) -> NightSpan:
        told = self.is_bed_provided, self.has_breakfast, self.is_personal
        place = StayPlace(self.country, self.city, self.hotel_id, *told)
        return NightSpan(self.check_in, self.check_out, place, self.id, self.room_id)
