"""Legs and the people on them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from visits.legs.rules import ISSUED, TRAVELLING, FarePayer, PassengerState
from visits.travel_types import LocalTime, TravelMode, local_time


class Leg(SQLModel, table=True):
    """One way from a place to another, for one person or for a group of one or several bookings.

    The day of departure is known; each of the three times may not be. Moments are UTC with the zones of both places
    beside them. `sequence` rises when anything changes that a calendar shows (iCalendar).
    """

    __tablename__ = "leg"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    mode: TravelMode = choice(TravelMode)
    carrier: str = Field(default="", max_length=40)
    number: str = Field(default="", max_length=20)
    origin: str = Field(max_length=80)
    origin_code: str = Field(default="", max_length=3)
    origin_country: str = Field(default="", max_length=2)
    origin_zone: str = Field(max_length=64)
    origin_terminal: str = Field(default="", max_length=20)
    destination: str = Field(max_length=80)
    destination_code: str = Field(default="", max_length=3)
    destination_country: str = Field(default="", max_length=2)
    destination_zone: str = Field(max_length=64)
    destination_terminal: str = Field(default="", max_length=20)
    day: date
    arrival_day: date | None = None
    departs_at: datetime | None = instant(default=None, nullable=True)
    arrives_at: datetime | None = instant(default=None, nullable=True)
    boards_at: datetime | None = instant(default=None, nullable=True)
    cancelled_at: datetime | None = instant(default=None, nullable=True)
    sequence: int = 0
    created_at: datetime = instant()
    changed_at: datetime = instant()

    @property
    def label(self) -> str:
        """“TK 1887”, else the two places."""
        return f"{self.carrier} {self.number}".strip() or f"{self.from_label}–{self.to_label}"

    @property
    def from_label(self) -> str:
        return self.origin_code or self.origin

    @property
    def to_label(self) -> str:
        return self.destination_code or self.destination

    @property
    def departs(self) -> LocalTime:
        """By the clock of the place it leaves from; without a time where none is known."""
        if self.departs_at is None:
            return LocalTime(self.day, self.origin_zone)
        return local_time(self.departs_at, self.origin_zone)

    @property
    def arrives(self) -> LocalTime | None:
        """By the clock of the place it comes to; None where not even the day is known."""
        if self.arrives_at is not None:
            return local_time(self.arrives_at, self.destination_zone)
        return LocalTime(self.arrival_day, self.destination_zone) if self.arrival_day else None

    @property
    def boards(self) -> LocalTime | None:
        return local_time(self.boards_at, self.origin_zone) if self.boards_at else None

    @property
    def minutes(self) -> int | None:
        """How long it takes; None where a time is not known."""
        if self.departs_at is None or self.arrives_at is None:
            return None
        return round((self.arrives_at - self.departs_at).total_seconds() / 60)

    def is_same(self, other: "Leg") -> bool:
        """Whether both are one journey of one vehicle: day, both places, and carrier with number or the time."""
        if (self.mode, self.day, self.from_label, self.to_label) != (
            other.mode,
            other.day,
            other.from_label,
            other.to_label,
        ):
            return False
        if self.number and other.number:
            return (self.carrier, self.number) == (other.carrier, other.number)
        return self.departs_at is not None and self.departs_at == other.departs_at


class LegPassenger(SQLModel, table=True):
    """One person on a leg, with what they alone have of it: state, seat, ticket, the name on it, reference,
    fare.

    Whoever holds a reference or ticket number and a surname can open the booking at the carrier: both are encrypted.
    """

    __tablename__ = "leg_passenger"
    __table_args__ = (UniqueConstraint("leg_id", "registration_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    leg_id: UUID = Field(foreign_key="leg.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    state: PassengerState = choice(PassengerState)
    seat: str = secret(default="")
    reference: str = secret(default="")
    ticket_number: str = secret(default="")
    ticket_name: str = secret(default="")
    travel_class: str = Field(default="", max_length=20)
    fare_minor: int | None = None
    fare_currency: str = Field(default="", max_length=3)
    paid_by: FarePayer = choice(FarePayer, default=FarePayer.project)
    changed_at: datetime = instant()

    @property
    def is_travelling(self) -> bool:
        return self.state in TRAVELLING

    @property
    def is_paid_for(self) -> bool:
        """Whether giving it up costs somebody money: a ticket is issued, or somebody else pays a fare."""
        is_bought = self.state in ISSUED or bool(self.ticket_number or self.fare_minor)
        return self.is_travelling and is_bought and self.paid_by is not FarePayer.participant
