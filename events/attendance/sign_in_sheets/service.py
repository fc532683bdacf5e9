"""Entering who signed, and what the sign-in sheet needs."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from directory.accounts.access import Caller
from directory.people.models import name_of_institution
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.attendance.sign_in_sheets.documents import SignatureLine, SignInSheet
from events.attendance.sign_in_sheets.models import Attendance, Half
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for

Signed = dict[UUID, frozenset[tuple[date, Half]]]


async def enter(
    db: AsyncSession,
    event_id: UUID,
    day: date,
    halves: Mapping[UUID, frozenset[Half]],
    caller: Caller,
    *,
    at: datetime,
) -> int:
    """Set the signatures of one day for the registrations named; others stay as they are.

    Returns how many entries changed. Raises Unacceptable for a day outside the event or a stranger.
    """
    event = await lock_event_for(db, event_id, caller)
    if not event.first_day <= day <= event.last_day:
        raise Unacceptable("day", N_("The event does not take place on that day."))
    found = await db.exec(
        select(Registration.id).where(
            Registration.event_id == event_id,
            col(Registration.id).in_(halves),
            Registration.status == RegistrationStatus.confirmed,
        )
    )
    if set(found.all()) != set(halves):
        raise Unacceptable(
            "entries", N_("Somebody in this list has no place at the event. Please load the page again.")
        )
    stored = await db.exec(select(Attendance).where(col(Attendance.registration_id).in_(halves), Attendance.day == day))
    rows = {(row.registration_id, row.half): row for row in stored}
    wanted = {(registration, half) for registration, signed in halves.items() for half in signed}
    for gone in rows.keys() - wanted:
        await db.delete(rows[gone])
    for registration_id, half in sorted(wanted - rows.keys()):
        db.add(Attendance(event_id=event_id, registration_id=registration_id, day=day, half=half, entered_at=at))
    changed = len(rows.keys() ^ wanted)
    if changed:
        audit.record(
            db,
            "attendance.entered",
            event.id,
            at=at,
            project_id=event.project_id,
            **caller.signature,
            day=day.isoformat(),
            changed=changed,
        )
    await db.flush()
    return changed


async def signatures(db: AsyncSession, event_id: UUID) -> Signed:
    """Half-days signed, by registration: one query for the whole event."""
    found = await db.exec(select(Attendance).where(Attendance.event_id == event_id))
    signed: dict[UUID, set[tuple[date, Half]]] = {}
    for row in found:
        signed.setdefault(row.registration_id, set()).add((row.day, row.half))
    return {registration: frozenset(days) for registration, days in signed.items()}


async def sheet_for(
    db: AsyncSession, event_id: UUID, caller: Caller, language: str, *, by: str, blank: int, files: Path, at: datetime
) -> tuple[Event, SignInSheet]:
    """What the sign-in sheet shows; printing it is noted."""
    event = await get_event(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    people = await list_confirmed(db, event_id, by=by)
    audit.record(db, "sheet.printed", event.id, at=at, project_id=event.project_id, **caller.signature)
    lines = [SignatureLine(f"{p.title} {p.name}".strip(), name_of_institution(i, language)) for _, p, i in people]
    return event, SignInSheet(
        title=event.title_in(language),
        venue=event.venue,
        first_day=event.first_day,
        last_day=event.last_day,
        lines=lines,
        blank=blank,
        project=project.title,
        contract=project.contract_number,
        statement=project.funding_statement(language),
        emblem=project.emblem.value,
        language=language,
        made_at=at,
        logos=await pictures_of(db, project.id, files),
    )
