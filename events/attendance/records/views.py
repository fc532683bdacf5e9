"""Everybody who has or had a place, with what they attended, for the attendance page and programs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import NAMES
from core.errors import NotFound
from directory.people.models import Institution, Person
from events.attendance.records.models import Attendance, AttendanceRecord
from events.attendance.records.rules import Attended, HalfDay, attended, judge
from events.attendance.records.service import attended_by, held_in, records_of, signatures, statements
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event


@dataclass(frozen=True)
class Attendee:
    """One person of an event; `disputed` are half-days of which sources say different things."""

    registration: Registration
    person: Person
    institution: Institution | None
    present: Sequence[HalfDay]
    disputed: Sequence[HalfDay]
    attended: Attended

    @property
    def has_place(self) -> bool:
        """False: the place was given back, and they were there nevertheless."""
        return self.registration.status is RegistrationStatus.confirmed


async def list_attendees(
    db: AsyncSession, event: Event, registration_ids: Collection[UUID] | None = None
) -> list[Attendee]:
    """Everybody with a place and everybody who was there, or some of them, by name: four queries."""
    was_there = select(Attendance.id).where(col(Attendance.registration_id) == Registration.id).exists()
    wanted = (
        select(Registration, Person, Institution)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(
            Registration.event_id == event.id,
            (col(Registration.status) == RegistrationStatus.confirmed) | was_there,
        )
        .order_by(col(Person.sort_key), col(Registration.id))
    )
    if registration_ids is not None:
        wanted = wanted.where(col(Registration.id).in_(registration_ids))
    held, signed = await held_in(db, event), await signatures(db, event.id, registration_ids)
    disputed: dict[UUID, list[HalfDay]] = {}
    for (registration, day, half), records in (await records_of(db, event.id, registration_ids)).items():
        if judge(statements(records)).is_disputed:
            disputed.setdefault(registration, []).append((day, half))
    return [
        Attendee(
            registration,
            person,
            institution,
            sorted(signed.get(registration.id, ())),
            sorted(disputed.get(registration.id, ())),
            attended(signed.get(registration.id, ()), held, event.attendance_threshold),
        )
        for registration, person, institution in await db.exec(wanted)
    ]


@dataclass(frozen=True)
class Record:
    """What one source said, and who entered it."""

    record: AttendanceRecord
    entered_by: str


@dataclass(frozen=True)
class HalfDayHistory:
    """All that was said of one half-day, and what counts."""

    day: date
    half: str
    is_present: bool
    is_disputed: bool
    records: Sequence[Record]

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.day.isoformat()}/{self.half}"


@dataclass(frozen=True)
class AttendanceHistory:
    """One person's attendance with all its sources."""

    registration: Registration
    person: Person
    half_days: Sequence[HalfDayHistory]
    attended: Attended


async def history_of(db: AsyncSession, event: Event, registration_id: UUID) -> AttendanceHistory:
    """Every half-day of the event for one person. Raises NotFound for somebody of another event."""
    found = (
        await db.exec(
            select(Registration, Person)
            .join(Person, col(Person.id) == Registration.person_id)
            .where(Registration.id == registration_id, Registration.event_id == event.id)
        )
    ).first()
    if found is None:
        raise NotFound()
    registration, person = found
    records = await records_of(db, event.id, [registration_id])
    name = sa.func.coalesce(*(look_up(AttendanceRecord.account_id) for look_up in NAMES), "")
    of_person: Any = select(AttendanceRecord.id, name).where(AttendanceRecord.registration_id == registration_id)
    names = dict((await db.exec(of_person)).all())
    signed, enough = await attended_by(db, event, registration_id)
    keys = sorted({*await held_in(db, event), *signed, *((day, half) for _, day, half in records)})
    half_days = []
    for day, half in keys:
        said = records.get((registration_id, day, half), [])
        half_days.append(
            HalfDayHistory(
                day,
                half,
                (day, half) in signed,
                judge(statements(said)).is_disputed,
                [Record(one, names[one.id]) for one in said],
            )
        )
    return AttendanceHistory(registration, person, half_days, enough)
