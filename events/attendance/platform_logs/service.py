"""Taking in a platform's log, showing what it comes to, and recording it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.tables import Row
from core.errors import N_, NotFound, Unacceptable
from core.zones import days_between, zone_of
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.people.service import name_key
from directory.projects.service import must_reach
from events.attendance.platform_logs import rules
from events.attendance.platform_logs.models import PlatformLog
from events.attendance.platform_logs.rules import LogCandidate, LogState
from events.attendance.platform_logs.schemas import LogChoice, LogLine, attendee_of, kept
from events.attendance.records.rules import AttendanceSource
from events.attendance.records.service import NewRecord, held_in, record
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event


async def upload(
    db: AsyncSession,
    event_id: UUID,
    file: tuple[str, bytes],
    rows: Sequence[Row],
    least_minutes: int,
    caller: Caller,
    *,
    at: datetime,
) -> PlatformLog:
    """Keep what a log says; nothing is recorded yet. Raises NoLog."""
    event = await get_event(db, event_id, caller)
    days = days_between(event.first_day, event.last_day)
    texts = [[cell.text for cell in row] for row in rows]
    attendees = rules.attendees_in(texts, zone_of(event.zone), days)
    name, content = file
    log = PlatformLog(
        event_id=event.id,
        file_name=name[:255],
        file_digest=hashlib.sha256(content).hexdigest(),
        content=[kept(one) for one in attendees],
        least_minutes=least_minutes,
        uploaded_at=at,
    )
    db.add(log)
    _record(db, "platform-log.uploaded", log, event, caller, at=at)
    await db.flush()
    return log


async def get_log(db: AsyncSession, log_id: UUID, caller: Caller) -> tuple[PlatformLog, Event]:
    """Raises NotFound, for another project's log too."""
    log = await db.get(PlatformLog, log_id)
    if log is None:
        raise NotFound()
    event = await db.get_one(Event, log.event_id)
    must_reach(event.project_id, "platform-log", log.id, caller)
    return log, event


async def list_logs(db: AsyncSession, event_id: UUID) -> list[PlatformLog]:
    """Logs of the event, the latest first."""
    found = await db.exec(
        select(PlatformLog).where(PlatformLog.event_id == event_id).order_by(col(PlatformLog.id).desc()).limit(100)
    )
    return list(found.all())


async def preview(
    db: AsyncSession, event: Event, log: PlatformLog
) -> tuple[list[LogLine], list[tuple[Registration, Person]]]:
    """What each line of the log means, and everybody whom it can mean."""
    people = [(registration, person) for registration, person, _ in await list_confirmed(db, event.id)]
    candidates = [
        LogCandidate(registration.id, person.name, name_key(person.name), person.address_key or "")
        for registration, person in people
    ]
    held = await held_in(db, event)
    lines = []
    for number, row in enumerate(log.content):
        attendee = attendee_of(row)
        found = rules.match(attendee, candidates, name_key(attendee.name))
        minutes = rules.minutes_by_half(attendee, event.zone, held)
        lines.append(LogLine.of(number, attendee, found, minutes, log.least_minutes))
    return lines, people


async def apply(
    db: AsyncSession, log_id: UUID, choices: Sequence[LogChoice], caller: Caller, *, at: datetime
) -> tuple[PlatformLog, int]:
    """Record whoever was connected long enough; returns how many half-days count now. A proposed person is recorded
    only if chosen. Raises NotFound, LogIsApplied, Unacceptable for somebody without a place."""
    log = await db.get(PlatformLog, log_id)
    if log is None:
        raise NotFound()
    event = await lock_event(db, log.event_id)
    must_reach(event.project_id, "platform-log", log.id, caller)
    await db.refresh(log)
    if log.state is LogState.applied:
        raise rules.LogIsApplied()
    lines, people = await preview(db, event, log)
    chosen = {one.line: one.registration_id for one in choices}
    if {id for id in chosen.values() if id} - {registration.id for registration, _ in people}:
        raise Unacceptable(
            "choices", N_("Somebody in this list has no place at the event. Please load the page again.")
        )
    said = []
    for line in lines:
        registration_id = chosen.get(line.line, line.registration_id if line.is_sure else None)
        said += [
            NewRecord(registration_id, one.day, one.half, True, AttendanceSource.platform, None, log.id)
            for one in line.halves
            if registration_id and one.is_enough
        ]
    once = {one.of: one for one in said}
    changed = await record(db, event, list(once.values()), at=at, caller=caller)
    log.state, log.applied_at = LogState.applied, at
    _record(db, "platform-log.applied", log, event, caller, at=at)
    await db.flush()
    return log, changed


def _record(db: AsyncSession, act: str, log: PlatformLog, event: Event, caller: Caller, *, at: datetime) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, log=log.id)
