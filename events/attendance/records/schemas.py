"""Attendance as it goes in and out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line
from directory.people.models import Institution, Person
from events.attendance.records.models import AttendanceRecord
from events.attendance.records.rules import AttendanceSource, Attended, Half, HalfDay
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.schemas import Day


class Signatures(BaseModel):
    """One person's signatures of one day."""

    model_config = ConfigDict(extra="forbid")

    registration_id: UUID
    halves: Annotated[list[Half], Field(max_length=2)]


class AttendanceIn(BaseModel):
    """Signatures of one day; people not named stay as they are. Whoever counted as present and is not named as such
    any more is corrected, which takes a reason."""

    model_config = ConfigDict(extra="forbid")

    day: Day
    entries: Annotated[list[Signatures], Field(max_length=5000)]
    reason: Annotated[Line, Field(max_length=300)] = ""


class AttendanceCorrection(BaseModel):
    """What staff say of one half-day against what stands there."""

    model_config = ConfigDict(extra="forbid")

    day: Day
    half: Half
    is_present: bool
    reason: Annotated[Line, Field(min_length=1, max_length=300)]


class Entered(BaseModel):
    """How many half-days changed."""

    changed: int


class ConfirmedOut(BaseModel):
    """Somebody with a place, as the desk needs to know."""

    registration_id: UUID
    name: str
    institution: str

    @classmethod
    def of(cls, registration: Registration, person: Person, institution: Institution | None) -> "ConfirmedOut":
        name = institution.name if institution else ""
        return cls(registration_id=registration.id, name=person.name, institution=name)


class HalfDayOut(BaseModel):
    """A half-day that counts as attended."""

    day: date
    half: Half


class AttendeeOut(ConfirmedOut):
    """How much of the event somebody attended, by the half-days held."""

    present: list[HalfDayOut]
    disputed: list[HalfDayOut]
    attended: int
    held: int
    percent: int
    is_enough: bool
    has_place: bool

    @classmethod
    def of_attendee(
        cls,
        row: tuple[Registration, Person, Institution | None],
        present: Sequence[HalfDay],
        disputed: Sequence[HalfDay],
        attended: Attended,
    ) -> "AttendeeOut":
        return cls(
            **ConfirmedOut.of(*row).model_dump(),
            present=[HalfDayOut(day=day, half=half) for day, half in present],
            disputed=[HalfDayOut(day=day, half=half) for day, half in disputed],
            attended=attended.present,
            held=attended.held,
            percent=attended.percent,
            is_enough=attended.is_enough,
            has_place=row[0].status is RegistrationStatus.confirmed,
        )


class RecordOut(BaseModel):
    """What one source says of a person and half-day."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    day: date
    half: Half
    is_present: bool
    source: AttendanceSource
    entered_at: datetime
    happened_at: datetime | None
    evidence_id: UUID | None
    account_id: UUID | None
    reason: str

    @classmethod
    def of(cls, record: AttendanceRecord) -> "RecordOut":
        return cls.model_validate(record)
