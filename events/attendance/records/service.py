"""Recording who was there, and what counts of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.rows import add_rows
from core.zones import day_in, days_between
from directory.accounts.access import Caller
from events.attendance.records.models import Attendance, AttendanceRecord
from events.attendance.records.rules import (
    AttendanceSource,
    Attended,
    Half,
    HalfDay,
    Statement,
    attended,
    held_halves,
    judge,
)
from events.attendance.records.schemas import AttendanceCorrection, AttendanceIn
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from events.programme.events.rules import ATTENDED_KINDS
from events.programme.events.service import list_sessions, lock_event_for

Signed = dict[UUID, frozenset[HalfDay]]


@dataclass(frozen=True)
class NewRecord:
    """What a source says of one person and half-day."""

    registration_id: UUID
    day: date
    half: Half
    is_present: bool
    source: AttendanceSource
    happened_at: datetime | None = None
    evidence_id: UUID | None = None
    reason: str = ""

    @property
    def of(self) -> tuple[UUID, date, Half]:
        return self.registration_id, self.day, self.half


async def record(
    db: AsyncSession, event: Event, said: Sequence[NewRecord], *, at: datetime, caller: Caller | None = None
) -> int:
    """Add what sources say, under the event's lock, and let what counts follow. Returns how many half-days changed.

    Raises Unacceptable for a day outside the event or still to come, and for somebody who is not of it. A statement
    that says what its source said last, with the same evidence, is left out: a list sent twice is one.
    """
    if not said:
        return 0
    _must_be_held_on(event, {one.day for one in said})
    await _must_be_of(db, event.id, {one.registration_id for one in said})
    return await _add(db, event, said, at=at, caller=caller)


async def _add(
    db: AsyncSession, event: Event, said: Sequence[NewRecord], *, at: datetime, caller: Caller | None
) -> int:
    """`record` of what has been checked."""
    known = await records_of(db, event.id, {one.registration_id for one in said})
    _must_have_come(event, [one for one in said if one.is_present or one.of not in known], at=at)
    new = [one for one in said if not _is_said_already(known.get(one.of, ()), one)]
    account_id = caller.account_id if caller else None
    rows = [{**vars(one), "event_id": event.id, "entered_at": at, "account_id": account_id} for one in new]
    await add_rows(db, AttendanceRecord, rows)
    for one in new:
        known.setdefault(one.of, []).append(AttendanceRecord(**vars(one), event_id=event.id, entered_at=at))
    return await _follow(db, event, {one.of: known[one.of] for one in new}, at=at)


async def enter(db: AsyncSession, event_id: UUID, given: AttendanceIn, caller: Caller, *, at: datetime) -> int:
    """Set the signatures of one day for the registrations named, as the sheet shows them; others stay as they are.

    Returns how many half-days changed. Raises Unacceptable for a day outside the event, a stranger, and where somebody
    counted as present is to count no more and no reason is given.
    """
    event = await lock_event_for(db, event_id, caller)
    signed = await signatures(db, event_id)
    said = []
    for entry in given.entries:
        for half in Half:
            was, is_present = (given.day, half) in signed.get(entry.registration_id, ()), half in entry.halves
            source = AttendanceSource.sheet if is_present else AttendanceSource.correction
            if was != is_present:
                said.append(NewRecord(entry.registration_id, given.day, half, is_present, source, reason=given.reason))
    if any(not one.is_present for one in said) and not given.reason:
        raise Unacceptable("reason", N_("Somebody counted as present and would not any more. Please say why."))
    _must_be_held_on(event, {given.day})
    await _must_be_of(db, event.id, {entry.registration_id for entry in given.entries})
    changed = await _add(db, event, said, at=at, caller=caller)
    if changed:
        audit.record(
            db,
            "attendance.entered",
            event.id,
            at=at,
            project_id=event.project_id,
            **caller.signature,
            day=given.day.isoformat(),
            changed=changed,
        )
    return changed


async def correct(
    db: AsyncSession,
    event_id: UUID,
    registration_id: UUID,
    given: AttendanceCorrection,
    caller: Caller,
    *,
    at: datetime,
) -> int:
    """Say against what stands there whether somebody was present on a half-day; it counts from now on. Returns whether
    that changed anything, 0 or 1. Raises Unacceptable, NotFound."""
    event = await lock_event_for(db, event_id, caller)
    registration = await db.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise NotFound()
    one = NewRecord(
        registration_id, given.day, given.half, given.is_present, AttendanceSource.correction, reason=given.reason
    )
    changed = await record(db, event, [one], at=at, caller=caller)
    audit.record(
        db,
        "attendance.corrected",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        registration=registration_id,
        day=given.day.isoformat(),
        half=given.half.value,
    )
    return changed


async def signatures(db: AsyncSession, event_id: UUID, registration_ids: Collection[UUID] | None = None) -> Signed:
    """Half-days that count as attended, by registration, of everybody or of some: one query."""
    wanted = select(Attendance).where(Attendance.event_id == event_id)
    if registration_ids is not None:
        wanted = wanted.where(col(Attendance.registration_id).in_(registration_ids))
    found = await db.exec(wanted)
    signed: dict[UUID, set[HalfDay]] = {}
    for row in found:
        signed.setdefault(row.registration_id, set()).add((row.day, row.half))
    return {registration: frozenset(days) for registration, days in signed.items()}


async def is_any_signed(db: AsyncSession, event_id: UUID) -> bool:
    """Whether anybody's attendance is recorded: one query."""
    found = await db.exec(select(Attendance.id).where(Attendance.event_id == event_id).limit(1))
    return found.first() is not None


async def signatures_of(db: AsyncSession, registration_id: UUID) -> frozenset[HalfDay]:
    """The same for one person."""
    found = await db.exec(select(Attendance).where(Attendance.registration_id == registration_id))
    return frozenset((row.day, row.half) for row in found)


async def held_in(db: AsyncSession, event: Event) -> list[HalfDay]:
    """The half-days of an event on which something takes place, in order."""
    sessions = [(one.starts_at, one.ends_at, one.kind in ATTENDED_KINDS) for one in await list_sessions(db, event.id)]
    return held_halves(days_between(event.first_day, event.last_day), sessions, event.zone)


async def attended_by(db: AsyncSession, event: Event, registration_id: UUID) -> tuple[frozenset[HalfDay], Attended]:
    """The half-days that somebody attended, and whether those are enough for the event."""
    signed = await signatures_of(db, registration_id)
    return signed, attended(signed, await held_in(db, event), event.attendance_threshold)


async def records_of(
    db: AsyncSession, event_id: UUID, registration_ids: Collection[UUID] | None = None
) -> dict[tuple[UUID, date, Half], list[AttendanceRecord]]:
    """What was said of each half-day, oldest first."""
    wanted = select(AttendanceRecord).where(AttendanceRecord.event_id == event_id)
    if registration_ids is not None:
        wanted = wanted.where(col(AttendanceRecord.registration_id).in_(registration_ids))
    found: dict[tuple[UUID, date, Half], list[AttendanceRecord]] = {}
    for one in await db.exec(wanted.order_by(col(AttendanceRecord.entered_at), col(AttendanceRecord.id))):
        found.setdefault((one.registration_id, one.day, one.half), []).append(one)
    return found


async def who_may_attend(db: AsyncSession, event_id: UUID, registration_ids: Collection[UUID]) -> set[UUID]:
    """Those of them of whom something may be recorded: who has a place, or had one and was there."""
    found = await db.exec(
        select(Registration.id)
        .join(Attendance, col(Attendance.registration_id) == Registration.id, isouter=True)
        .where(
            Registration.event_id == event_id,
            col(Registration.id).in_(registration_ids),
            (col(Registration.status) == RegistrationStatus.confirmed) | col(Attendance.id).is_not(None),
        )
    )
    return set(found.all())


def statements(records: Sequence[AttendanceRecord]) -> list[Statement]:
    return [Statement(one.source, one.is_present) for one in records]


def _must_be_held_on(event: Event, days: Collection[date]) -> None:
    if not all(event.first_day <= day <= event.last_day for day in days):
        raise Unacceptable("day", N_("The event does not take place on that day."))


def _must_have_come(event: Event, said: Sequence[NewRecord], *, at: datetime) -> None:
    """Only what was recorded too early may be taken back before its day."""
    early = [one.day for one in said if one.day > day_in(event.zone, at=at)]
    if early:
        raise Unacceptable(
            "day", N_("%(day)s has not come yet: attendance is recorded from that day on."), day=min(early)
        )


async def _must_be_of(db: AsyncSession, event_id: UUID, registration_ids: Collection[UUID]) -> None:
    if await who_may_attend(db, event_id, registration_ids) != set(registration_ids):
        raise Unacceptable(
            "entries", N_("Somebody in this list has no place at the event. Please load the page again.")
        )


def _is_said_already(known: Sequence[AttendanceRecord], one: NewRecord) -> bool:
    if one.source is AttendanceSource.correction:
        return False
    last = next((old for old in reversed(known) if old.source is one.source), None)
    corrected = known[-1].source is AttendanceSource.correction if known else False
    return bool(last and not corrected and last.is_present == one.is_present and last.evidence_id == one.evidence_id)


async def _follow(
    db: AsyncSession, event: Event, said: Mapping[tuple[UUID, date, Half], Sequence[AttendanceRecord]], *, at: datetime
) -> int:
    """Let the half-days that count be what the records come to."""
    people = {registration_id for registration_id, _, _ in said}
    stored = await db.exec(select(Attendance).where(col(Attendance.registration_id).in_(people)))
    rows = {(row.registration_id, row.day, row.half): row for row in stored}
    changed = 0
    for key, records in said.items():
        registration_id, day, half = key
        is_present = judge(statements(records)).is_present
        if is_present and key not in rows:
            db.add(Attendance(event_id=event.id, registration_id=registration_id, day=day, half=half, entered_at=at))
        elif not is_present and key in rows:
            await db.delete(rows[key])
        else:
            continue
        changed += 1
    await db.flush()
    return changed


def attended_with() -> sa.ColumnElement[bool]:
    """The condition on which somebody was there with a registration."""
    return sa.exists().where(col(Attendance.registration_id) == col(Registration.id))
