"""Planning a visit: purpose, head of the delegation, hosts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import N_, Unacceptable
from directory.accounts.access import Caller
from events.programme.events.models import Event, Session
from events.programme.events.rows import get_with_event
from events.programme.events.service import list_sessions, lock_event_for
from visits.delegations.models import HostMeeting, VisitPlan
from visits.delegations.rules import MOST_MEETINGS
from visits.delegations.schemas import MeetingIn, PlanIn
from visits.journeys.service import journeys_in


async def get_plan(db: AsyncSession, event_id: UUID) -> VisitPlan | None:
    found = await db.exec(select(VisitPlan).where(VisitPlan.event_id == event_id))
    return found.first()


MEETING_SORTS: Mapping[str, Callable[[tuple[HostMeeting, Session | None]], Any]] = {
    "institution": lambda one: sort_key(one[0].institution),
    "when": lambda one: one[1].starts_at if one[1] else None,
    "address": lambda one: one[0].address and sort_key(one[0].address),
    "contact": lambda one: one[0].contact_name and sort_key(one[0].contact_name),
    "interpreter": lambda one: one[0].interpreter and sort_key(one[0].interpreter),
}


async def list_meetings(db: AsyncSession, event: Event) -> list[tuple[HostMeeting, Session | None]]:
    """The hosts in the order of their sessions, those without one last."""
    sessions = {session.id: session for session in await list_sessions(db, event.id) if not session.removed_at}
    found = await db.exec(select(HostMeeting).where(HostMeeting.event_id == event.id))
    rows = [(one, sessions.get(one.session_id) if one.session_id else None) for one in found]
    return sorted(rows, key=lambda row: (row[1] is None, row[1].starts_at if row[1] else None, row[0].id))


async def save_plan(db: AsyncSession, event_id: UUID, given: PlanIn, caller: Caller, *, at: datetime) -> VisitPlan:
    """Raises NotFound, Unacceptable where the head has no place."""
    event = await lock_event_for(db, event_id, caller)
    if given.head_id is not None:
        people = {one.registration.id for one in await journeys_in(db, event, at=at, only=given.head_id)}
        if given.head_id not in people:
            raise Unacceptable("head_id", N_("Choose somebody who has a place at this event."))
    plan = await get_plan(db, event_id) or VisitPlan(event_id=event_id, changed_at=at)
    plan.sqlmodel_update(given.model_dump())
    plan.changed_at = at
    db.add(plan)
    _note(db, event, "visit.planned", caller, at=at)
    await db.flush()
    return plan


async def get_meeting(db: AsyncSession, meeting_id: UUID, caller: Caller) -> tuple[HostMeeting, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, HostMeeting, meeting_id, caller)


async def add_meeting(
    db: AsyncSession, event_id: UUID, given: MeetingIn, caller: Caller, *, at: datetime
) -> HostMeeting:
    """Raises NotFound, Unacceptable beside the field."""
    event = await lock_event_for(db, event_id, caller)
    await _must_be_session(db, event, given.session_id)
    if len(await list_meetings(db, event)) >= MOST_MEETINGS:
        raise Unacceptable("institution", N_("There are sixty already; please remove some first."))
    meeting = HostMeeting(event_id=event_id, changed_at=at, **given.model_dump())
    db.add(meeting)
    _note(db, event, "host.added", caller, at=at)
    await db.flush()
    return meeting


async def change_meeting(
    db: AsyncSession, meeting_id: UUID, given: MeetingIn, caller: Caller, *, at: datetime
) -> HostMeeting:
    """Raises NotFound, Unacceptable beside the field."""
    meeting, event = await get_meeting(db, meeting_id, caller)
    await _must_be_session(db, event, given.session_id)
    meeting.sqlmodel_update(given.model_dump())
    meeting.changed_at = at
    _note(db, event, "host.changed", caller, at=at)
    await db.flush()
    return meeting


async def remove_meeting(db: AsyncSession, meeting_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns the event."""
    meeting, event = await get_meeting(db, meeting_id, caller)
    await db.delete(meeting)
    _note(db, event, "host.removed", caller, at=at)
    await db.flush()
    return event.id


async def copy_meetings(db: AsyncSession, original_id: UUID, copy_id: UUID) -> None:
    """A copy has the same purpose and the same hosts, of no session yet, and no head."""
    original = await db.get_one(Event, original_id)
    if plan := await get_plan(db, original_id):
        db.add(VisitPlan(event_id=copy_id, **plan.model_dump(exclude={"id", "event_id", "head_id"})))
    db.add_all(
        HostMeeting(event_id=copy_id, **one.model_dump(exclude={"id", "event_id", "session_id"}))
        for one, _ in await list_meetings(db, original)
    )
    await db.flush()


async def _must_be_session(db: AsyncSession, event: Event, session_id: UUID | None) -> None:
    if session_id is None:
        return
    session = await db.get(Session, session_id)
    if session is None or session.event_id != event.id or session.removed_at:
        raise Unacceptable("session_id", N_("Choose a session of this event."))


def _note(db: AsyncSession, event: Event, act: str, caller: Caller, *, at: datetime) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature)
