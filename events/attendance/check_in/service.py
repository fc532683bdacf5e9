"""Taking scans: each once, in the order in which they happened, and attendance with them.

There is no entry in the history for each: the scans themselves say who was let in, where, when and by which device.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import Person
from directory.projects.service import must_reach
from events.attendance.badge_codes.models import BadgeCode
from events.attendance.badge_codes.service import give_codes
from events.attendance.check_in import rules
from events.attendance.check_in.models import DeskScan
from events.attendance.check_in.rules import BadgeScanState, Passage, ScanKind
from events.attendance.check_in.schemas import BadgeScanOut, ScanIn, UnreadableScan
from events.attendance.desk_links.access import DeskCaller
from events.attendance.records.models import AttendanceRecord
from events.attendance.records.rules import AttendanceSource, HalfDay, half_day_of
from events.attendance.records.service import NewRecord, held_in, record
from events.attendance.walk_ins.service import add_walk_in
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import Category
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event, Session
from events.programme.events.rules import EventState
from events.programme.events.service import lock_event

OFF = (EventState.cancelled, EventState.archived)


@dataclass(frozen=True)
class _KnownCode:
    """Whose code it is, and their place, if they have one."""

    invitation_id: UUID
    registration_id: UUID | None
    name: str
    category: Category
    digest: str


async def take(
    db: AsyncSession, event_id: UUID, given: Sequence[ScanIn | UnreadableScan], caller: DeskCaller, *, at: datetime
) -> list[BadgeScanOut]:
    """Take a device's queue; the answer has a line for each scan, in their order. What was taken before is answered as
    it stands now, what cannot be taken is kept with the reason. Their number costs no queries, but walk-ins do.

    Raises NotFound for another project's event.
    """
    event = await lock_event(db, event_id)
    if caller.staff:
        must_reach(event.project_id, "event", event.id, caller.staff)
    scans = [one for one in given if isinstance(one, ScanIn)]
    known = await _scans_of(db, event.id, {id for one in scans for id in (one.nonce, one.undoes) if id})
    fresh = {one.nonce: one for one in scans if one.nonce not in known and one.kind is not ScanKind.undo}
    walked_in = await _walk_ins(db, event, fresh.values(), caller, at=at)
    invitations = {scan.invitation_id for scan in known.values() if scan.invitation_id} | {*walked_in.values()}
    people = await _people(db, event.id, {one.whose for one in fresh.values() if one.whose}, invitations)
    added = await _add(db, event, fresh.values(), people, walked_in, caller, at=at)
    known |= {scan.nonce: scan for scan in added}
    undone = [known[one.undoes] for one in scans if one.undoes in known]
    for scan in undone:
        scan.undone_at = scan.undone_at or at
    await db.flush()
    places: dict[UUID | None, UUID] = {one.invitation_id: one.registration_id for one in people if one.registration_id}
    repeats = await _follow(db, event, [*added, *undone], places, {one.invitation_id for one in people}, at=at)
    who: dict[UUID | None, tuple[str, Category, str]] = {
        one.invitation_id: (one.name, one.category, one.digest) for one in people
    }
    return [_answer(one, known, who, repeats) for one in given]


def _answer(
    one: ScanIn | UnreadableScan,
    known: Mapping[UUID, DeskScan],
    who: Mapping[UUID | None, tuple[str, Category, str]],
    repeats: Mapping[UUID, Passage | None],
) -> BadgeScanOut:
    """What is said of one scan; an undo is answered with what it undoes, under its own nonce."""
    scan = known.get(one.undoes or one.nonce) if isinstance(one, ScanIn) else None
    if scan is None:
        return BadgeScanOut(nonce=str(one.nonce), state=BadgeScanState.unknown)
    return BadgeScanOut.of(str(one.nonce), scan, who.get(scan.invitation_id), repeats.get(scan.id))


async def _scans_of(db: AsyncSession, event_id: UUID, nonces: Collection[UUID]) -> dict[UUID, DeskScan]:
    found = await db.exec(select(DeskScan).where(DeskScan.event_id == event_id, col(DeskScan.nonce).in_(nonces)))
    return {scan.nonce: scan for scan in found}


async def _people(
    db: AsyncSession, event_id: UUID, digests: Collection[str], invitations: Collection[UUID]
) -> list[_KnownCode]:
    """People of the event by what is known of them, each once."""
    wanted: Any = (
        sa.select(BadgeCode, Invitation, col(Person.name), col(Registration.id))
        .join(Invitation, col(Invitation.id) == BadgeCode.invitation_id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(
            Registration,
            (col(Registration.invitation_id) == Invitation.id)
            & (col(Registration.status) == RegistrationStatus.confirmed),
            isouter=True,
        )
        .where(
            col(BadgeCode.event_id) == event_id,
            col(BadgeCode.code_hash).in_(digests) | col(BadgeCode.invitation_id).in_(invitations),
        )
    )
    return [
        _KnownCode(invitation.id, registration_id, name, invitation.category, code.code_hash)
        for code, invitation, name, registration_id in await db.exec(wanted)
    ]


async def _add(
    db: AsyncSession,
    event: Event,
    fresh: Collection[ScanIn],
    people: Iterable[_KnownCode],
    walked_in: Mapping[UUID, UUID],
    caller: DeskCaller,
    *,
    at: datetime,
) -> list[DeskScan]:
    """New scans as rows, each with the half-day it is for and why it counts for nothing, if so."""
    held = await held_in(db, event) if fresh else []
    known = {one.digest: one for one in people}
    sessions = await _sessions_among(db, event.id, {one.session_id for one in fresh if one.session_id})
    made = []
    for one in fresh:
        person = known.get(one.whose or "")
        scan = _scan(event, one, held, caller, at=at)
        scan.session_id = one.session_id if one.session_id in sessions else None
        if one.nonce in walked_in:
            scan.invitation_id = walked_in[one.nonce]
        elif person is None:
            scan.refusal = BadgeScanState.unknown
        else:
            scan.invitation_id = person.invitation_id
            scan.refusal = scan.refusal or (None if person.registration_id else BadgeScanState.withdrawn)
        made.append(scan)
    db.add_all(made)
    await db.flush()
    return made


async def _walk_ins(
    db: AsyncSession, event: Event, scans: Iterable[ScanIn], caller: DeskCaller, *, at: datetime
) -> dict[UUID, UUID]:
    """Invitations of those who were added, by nonce; a gate adds nobody, and its scan is answered as unknown."""
    added = {}
    for one in scans:
        if one.walk_in and caller.may_add and event.state not in OFF:
            added[one.nonce] = (await add_walk_in(db, event, one.walk_in, caller.actor, at=at)).id
    if added:
        await give_codes(db, event.id)
    return added


async def _sessions_among(db: AsyncSession, event_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    if not ids:
        return set()
    found = await db.exec(select(Session.id).where(Session.event_id == event_id, col(Session.id).in_(ids)))
    return set(found.all())


def _scan(event: Event, one: ScanIn, held: Collection[HalfDay], caller: DeskCaller, *, at: datetime) -> DeskScan:
    """A scan with its time. One whose doubtful time lies outside the event counts when it arrived."""
    offset = None if one.offset is None else timedelta(milliseconds=one.offset)
    happened_at, is_unsure = rules.moment_of(one.at, offset, received_at=at)
    day, half = half_day_of(happened_at, event.zone, held)
    if is_unsure and not event.first_day <= day <= event.last_day:
        happened_at = at
        day, half = half_day_of(happened_at, event.zone, held)
    is_closed = event.state in OFF or not event.first_day <= day <= event.last_day
    return DeskScan(
        event_id=event.id,
        nonce=one.nonce,
        kind=one.kind,
        day=day,
        half=half,
        said_at=one.at,
        offset_ms=one.offset,
        happened_at=happened_at,
        is_time_unsure=is_unsure,
        gate=one.gate or caller.label,
        device_id=caller.device_id,
        account_id=caller.account_id,
        received_at=at,
        refusal=BadgeScanState.closed if is_closed else None,
    )


async def _follow(
    db: AsyncSession,
    event: Event,
    changed: Sequence[DeskScan],
    places: Mapping[UUID | None, UUID],
    invitations: Collection[UUID],
    *,
    at: datetime,
) -> dict[UUID, Passage | None]:
    """Let attendance be what the scans of the changed half-days come to. Returns by id what a scan only repeats."""
    found = await db.exec(
        select(DeskScan).where(DeskScan.event_id == event.id, col(DeskScan.invitation_id).in_(invitations))
    )
    counting = [scan for scan in found if scan.refusal is None and scan.undone_at is None]
    repeats = repeated(counting)
    touched = {(s.invitation_id, s.day, s.half) for s in changed if s.invitation_id and s.refusal is None}
    first: dict[tuple[UUID | None, Any, Any], DeskScan] = {}
    for scan in sorted(counting, key=lambda one: (one.happened_at, one.id)):
        if scan.kind is ScanKind.entry:
            first.setdefault((scan.invitation_id, scan.day, scan.half), scan)
    said, taken_back = [], []
    for key in sorted(touched, key=str):
        entry = first.get(key)
        if entry and key[0] in places:
            said.append(_statement(places[key[0]], entry, is_present=True))
        elif entry is None:
            taken_back.append(key)
    said += await _taken_back(db, event, changed, taken_back)
    await record(db, event, said, at=at)
    return repeats


def repeated(scans: Iterable[DeskScan]) -> dict[UUID, Passage | None]:
    """By id what each scan that counts only repeats, within its person, half-day and session."""
    groups: dict[Any, list[Passage]] = {}
    for one in scans:
        passage = Passage(one.id, one.kind is ScanKind.entry, one.happened_at, one.gate)
        groups.setdefault((one.invitation_id, one.day, one.half, one.session_id), []).append(passage)
    return {id: repeats for group in groups.values() for id, repeats in rules.merged(group).items()}


def _statement(registration_id: UUID, scan: DeskScan, *, is_present: bool) -> NewRecord:
    return NewRecord(
        registration_id,
        scan.day,
        scan.half,
        is_present,
        AttendanceSource.check_in,
        happened_at=scan.happened_at,
        evidence_id=scan.id,
    )


async def _taken_back(
    db: AsyncSession, event: Event, changed: Sequence[DeskScan], half_days: Collection[tuple[UUID | None, Any, Any]]
) -> list[NewRecord]:
    """That the desk saw nobody after all, for half-days whose last entry was undone and had been recorded."""
    undone = [s for s in changed if s.undone_at and (s.invitation_id, s.day, s.half) in half_days]
    if not undone:
        return []
    ids = {scan.id: scan for scan in undone}
    found = await db.exec(
        select(AttendanceRecord).where(
            AttendanceRecord.event_id == event.id,
            col(AttendanceRecord.evidence_id).in_(ids),
            col(AttendanceRecord.is_present),
        )
    )
    return [_statement(one.registration_id, ids[one.evidence_id], is_present=False) for one in found if one.evidence_id]
