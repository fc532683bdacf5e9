"""What a desk and the organiser see: the list, and what was refused or is doubtful."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.db import Database
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from events.attendance.badge_codes.models import BadgeCode
from events.attendance.badge_codes.service import give_codes, lacks_codes
from events.attendance.check_in.models import DeskScan
from events.attendance.check_in.rules import Presence, ScanKind
from events.attendance.check_in.schemas import BadgeOut, DeskList, DeskPerson, DeskSession
from events.attendance.check_in.service import repeated
from events.attendance.desk_links.access import DeskCaller
from events.attendance.desk_links.rules import DeskRole, ends_at
from events.attendance.records.rules import Half, half_day_ends, half_day_of, held_halves
from events.invitations.invitations.models import Invitation
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from events.programme.events.rules import ATTENDED_KINDS
from events.programme.events.service import get_event, list_sessions, lock_event


async def current_list(
    database: Database, event_id: UUID, caller: DeskCaller, language: str, *, at: datetime
) -> DeskList:
    """The list for whoever is at the desk; who got a place since the last look gets a code first. Raises NotFound."""
    event = await _code(database, event_id, lambda db: caller.event(db, event_id))
    async with database.reading() as db:
        return await desk_list(db, event, caller.role, language, at=at)


async def _code(database: Database, event_id: UUID, find: Callable[[AsyncSession], Awaitable[Event]]) -> Event:
    """The event, once everybody with a place has a code. Written apart, for most often nobody lacks one."""
    async with database.reading() as db:
        event = await find(db)
        are_lacking = await lacks_codes(db, event_id)
    if are_lacking:
        async with database.unit_of_work() as work:
            await lock_event(work, event_id)
            await give_codes(work, event_id)
    return event


async def desk_list(db: AsyncSession, event: Event, role: DeskRole, language: str, *, at: datetime) -> DeskList:
    """The list of a device, by name: three queries for the whole event."""
    sessions = [one for one in await list_sessions(db, event.id) if one.kind in ATTENDED_KINDS]
    held = held_halves([], [(one.starts_at, one.ends_at, True) for one in sessions], event.zone)
    day, half = half_day_of(at, event.zone, held)
    stands = await _stands(db, event.id, day, half)
    people = []
    for code, invitation, name, institution, place in await _coded(db, event.id):
        last = stands.get(invitation.id)
        state = Presence.expected if place else Presence.withdrawn
        if place and last:
            state = Presence.present if last.kind is ScanKind.entry else Presence.left
        people.append(
            DeskPerson(
                digest=code.code_hash,
                name=name,
                institution=institution.name_in(language) if institution else "",
                category=invitation.category,
                state=state,
                since=last.happened_at if last else None,
                gate=last.gate if last else "",
            )
        )
    return DeskList.of(
        event,
        role=role,
        now=at,
        turns_at=half_day_ends(event.zone, at=at),
        ends_at=ends_at(event.last_day, event.zone),
        sessions=[DeskSession.of(one, language) for one in sessions],
        people=people,
    )


async def badges(database: Database, event_id: UUID, caller: Caller, language: str) -> list[BadgeOut]:
    """Everybody with a place and their code, by name. Raises NotFound."""
    await _code(database, event_id, lambda db: get_event(db, event_id, caller))
    async with database.reading() as db:
        return [
            BadgeOut(
                name=name,
                institution=institution.name_in(language) if institution else "",
                category=invitation.category,
                code=code.code,
            )
            for code, invitation, name, institution, place in await _coded(db, event_id)
            if place
        ]


async def _coded(db: AsyncSession, event_id: UUID) -> list[tuple[BadgeCode, Invitation, str, Institution | None, Any]]:
    """Everybody who has a code, by name, with their place if they have one."""
    wanted: Any = (
        sa.select(BadgeCode, Invitation, col(Person.name), Institution, col(Registration.id))
        .join(Invitation, col(Invitation.id) == BadgeCode.invitation_id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .join(
            Registration,
            (col(Registration.invitation_id) == Invitation.id)
            & (col(Registration.status) == RegistrationStatus.confirmed),
            isouter=True,
        )
        .where(col(BadgeCode.event_id) == event_id)
        .order_by(col(Person.sort_key), col(Invitation.id))
    )
    return list(await db.exec(wanted))


async def _stands(db: AsyncSession, event_id: UUID, day: date, half: Half) -> Mapping[UUID, DeskScan]:
    """The scan that counts last for everybody, of one half-day."""
    found = await db.exec(
        select(DeskScan)
        .where(
            DeskScan.event_id == event_id,
            DeskScan.day == day,
            DeskScan.half == half,
            col(DeskScan.refusal).is_(None),
            col(DeskScan.undone_at).is_(None),
        )
        .order_by(col(DeskScan.happened_at), col(DeskScan.id))
    )
    scans = list(found)
    repeats = repeated(scans)
    return {one.invitation_id: one for one in scans if one.invitation_id and repeats[one.id] is None}


@dataclass(frozen=True)
class ScanLine:
    """A scan as the organiser sees it; nobody's name where the code was not known."""

    scan: DeskScan
    name: str
    repeats: datetime | None


async def remarkable_scans(db: AsyncSession, event_id: UUID) -> list[ScanLine]:
    """Scans to look at: refused ones, those that repeat another, those whose time is unsure, undone ones; the latest
    first."""
    wanted: Any = (
        sa.select(DeskScan, col(Person.name))
        .join(Invitation, col(Invitation.id) == DeskScan.invitation_id, isouter=True)
        .join(Person, col(Person.id) == Invitation.person_id, isouter=True)
        .where(col(DeskScan.event_id) == event_id)
        .order_by(col(DeskScan.happened_at).desc(), col(DeskScan.id))
    )
    rows = list(await db.exec(wanted))
    repeats = repeated(scan for scan, _ in rows if scan.refusal is None and scan.undone_at is None)
    lines = []
    for scan, name in rows:
        first = repeats.get(scan.id)
        if scan.refusal or scan.undone_at or scan.is_time_unsure or first:
            lines.append(ScanLine(scan, name or "", first.happened_at if first else None))
    return lines
