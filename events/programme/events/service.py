"""Planning events: making them, moving sessions."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.columns import folded, matches
from core.errors import N_, NotFound, Unacceptable
from core.ids import new_id
from core.paging import Page, Paging, paged
from core.web import must_match
from core.zones import instant_of, zone_of
from directory.accounts.access import Caller
from directory.components.models import Component
from directory.people.service import must_be_institutions
from directory.projects.service import get_project, may_send, must_reach
from events.programme.events import rules
from events.programme.events.mails import CANCELLATION, UPDATE
from events.programme.events.models import Event, Session, with_programme
from events.programme.events.schemas import EventChange, EventFilter, EventIn, SessionIn
from notifications.batches.models import MessageBatch
from notifications.batches.service import note_begun, open_batch
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job

# Jobs that slices above do; they are registered by name in heyet.
ANNOUNCE = "events.announce"
NOTIFY_SPEAKERS = "events.tell-parts"
FILL_CAPACITY = "events.fill-places"


async def create_event(
    db: AsyncSession, given: EventIn, caller: Caller, *, at: datetime, key: UUID | None = None
) -> Event:
    """A new event with its agenda. The same key, or the same event again, gives the one there is. Raises EventIsThere
    where another one has its title and its days."""
    await get_project(db, given.project_id, caller)
    existing = await _find_planned(db, given, key, caller)
    if existing:
        return existing
    await must_report_to(db, given.component_id, given.project_id, caller)
    event = Event(
        id=key or new_id(),
        created_at=at,
        changed_at=at,
        search=search_key(given),
        **given.model_dump(exclude={"sessions"}),
    )
    db.add(event)
    await db.flush()
    await must_be_institutions(db, event.project_id, [s.host_id for s in given.sessions], "host_id")
    for session in given.sessions:
        write_session(db, event, session, at=at)
    audit.record(db, "event.created", event.id, at=at, project_id=event.project_id, **caller.signature)
    await db.flush()
    return event


async def _find_planned(db: AsyncSession, given: EventIn, key: UUID | None, caller: Caller) -> Event | None:
    if key:
        keyed = await db.get(Event, key)
        if keyed:
            must_reach(keyed.project_id, "event", keyed.id, caller)
            return keyed
    same = await find_same(db, given)
    if same and not (given.describes(same) and len(await list_sessions(db, same.id)) == len(given.sessions)):
        raise rules.EventIsThere("title")
    return same


async def find_same(db: AsyncSession, given: EventIn | Event) -> Event | None:
    """The event that has this title and these days in the project and is not closed: there is at most one."""
    same = await db.exec(
        select(Event).where(
            Event.project_id == given.project_id,
            Event.title == given.title,
            col(Event.state).not_in(rules.CLOSED),
            Event.first_day == given.first_day,
            Event.last_day == given.last_day,
        )
    )
    return same.first()


def search_key(given: EventChange | Event) -> str:
    return folded(given.title, given.title_en, given.title_tr, given.venue, rules.EVENT_KINDS[given.kind])[:700]


async def must_report_to(db: AsyncSession, component_id: UUID | None, project_id: UUID, caller: Caller) -> None:
    """An event reports to a component of its own project, or to none."""
    if component_id is None:
        return
    component = await db.get(Component, component_id)
    if component is None or component.project_id != project_id:
        raise Unacceptable("component_id", N_("This component belongs to no project of this event."))


def write_session(
    db: AsyncSession, event: Event, given: SessionIn, *, at: datetime, key: UUID | None = None
) -> Session:
    """Add it to the agenda; who calls holds the event's lock and notes the change. Raises Unacceptable for times."""
    starts_at, ends_at = _times(event, given)
    session = Session(
        id=key or new_id(),
        event_id=event.id,
        title=given.title,
        title_en=given.title_en,
        title_tr=given.title_tr,
        kind=given.kind,
        room=given.room,
        capacity=given.capacity,
        host_id=given.host_id,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=at,
        changed_at=at,
    )
    db.add(session)
    return session


def _times(event: Event, given: SessionIn) -> tuple[datetime, datetime]:
    zone = zone_of(event.zone)
    starts_at, ends_at = instant_of(given.starts, zone, "starts"), instant_of(given.ends, zone, "ends")
    rules.must_fit(starts_at, ends_at, event.first_day, event.last_day, event.zone)
    return starts_at, ends_at


async def get_event(db: AsyncSession, event_id: UUID, caller: Caller) -> Event:
    """Raises NotFound, for another project's event too."""
    event = await db.get(Event, event_id, options=with_programme())
    if event is None:
        raise NotFound()
    must_reach(event.project_id, "event", event.id, caller)
    return event


async def find_public(db: AsyncSession, code: str) -> Event:
    """The event of that reference, if anybody may see it. Raises NotFound."""
    event = (await db.exec(_public(), params={"code": code.upper()[:12]})).first()
    if event is None:
        raise NotFound()
    return event


@cache
def _public() -> SelectOfScalar[Event]:
    return select(Event).where(
        col(Event.code) == sa.bindparam("code"),
        Event.confidentiality == rules.Confidentiality.public,
        Event.state != rules.EventState.draft,
    )


async def lock_event(db: AsyncSession, event_id: UUID) -> Event:
    """The event, held until the unit of work ends. Always the first row locked, so nobody waits in a circle."""
    event = (await db.exec(_locked(), params={"event_id": event_id})).first()
    if event is None:
        raise NotFound()
    return event


@cache
def _locked() -> SelectOfScalar[Event]:
    locked = select(Event).where(col(Event.id) == sa.bindparam("event_id")).with_for_update()
    return locked.execution_options(populate_existing=True)


async def lock_event_for(db: AsyncSession, event_id: UUID, caller: Caller) -> Event:
    """`lock_event` for whoever may reach it. Raises NotFound, for another project's event too."""
    event = await lock_event(db, event_id)
    must_reach(event.project_id, "event", event.id, caller)
    return event


async def list_events(db: AsyncSession, caller: Caller, wanted: EventFilter, page_request: Paging) -> Page[Event]:
    """Events of the caller's projects that pass the filter, in its order."""
    return await paged(db, filtered(caller, wanted), page_request)


def filtered(caller: Caller, wanted: EventFilter) -> SelectOfScalar[Event]:
    """The filter as a query, for lists and exports alike."""
    query = select(Event).where(col(Event.project_id).in_(caller.projects), matches(col(Event.search), wanted.q))
    for name in ("kind", "state", "project_id", "series_id"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(Event, name) == value)
    if wanted.component_id:
        activities = select(Component.id).where(Component.parent_id == wanted.component_id)
        query = query.where(
            sa.or_(col(Event.component_id) == wanted.component_id, col(Event.component_id).in_(activities))
        )
    if wanted.since:
        query = query.where(Event.last_day >= wanted.since)
    if wanted.until:
        query = query.where(Event.first_day <= wanted.until)
    column: Any = {"title": Event.search, "capacity": Event.taken}.get(wanted.sort.lstrip("-"), Event.first_day)
    return query.order_by(col(column).desc() if wanted.sort.startswith("-") else col(column), col(Event.id))


async def list_sessions(db: AsyncSession, event_id: UUID) -> list[Session]:
    """The whole agenda in order of time; at most 300 by the schema."""
    return list((await db.exec(_sessions(), params={"event_id": event_id})).all())


@cache
def _sessions() -> SelectOfScalar[Session]:
    return (
        select(Session)
        .where(col(Session.event_id) == sa.bindparam("event_id"), col(Session.removed_at).is_(None))
        .order_by(col(Session.starts_at), col(Session.id))
    )


async def change_event(
    db: AsyncSession,
    event_id: UUID,
    given: EventChange,
    caller: Caller,
    *,
    at: datetime,
    tell: bool = True,
    expected: int | None = None,
) -> Event:
    """Change what was decided. Fewer places than people confirmed removes nobody.

    Raises SessionsFallOut, EventIsOff, LostUpdate where the caller saw another revision. `tell` writes to the people
    concerned when time or place moved: mails that wait to be sent.
    """
    event = await lock_event_for(db, event_id, caller)
    rules.must_take_place(event.state)
    must_match(event.revision, expected)
    await must_report_to(db, given.component_id, event.project_id, caller)
    sessions = await list_sessions(db, event.id)
    rules.must_hold_sessions(
        s.title
        for s in sessions
        if not rules.is_within(s.starts_at, s.ends_at, given.first_day, given.last_day, given.zone)
    )
    values = given.model_dump()
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, values[name])
    event.is_overbooked = event.taken > event.capacity
    if {"capacity", "fills_late", "answer_by"} & set(changed) and event.taken < event.capacity:
        await fill_after(db, event, caller, at=at)
    event.search = search_key(given)
    if changed:
        audit.record(
            db,
            "event.changed",
            event.id,
            at=at,
            project_id=event.project_id,
            **caller.signature,
            fields=changed,
        )
        moved = not (rules.TOLD if sessions else rules.TOLD | rules.HOURS).isdisjoint(changed)
        why = N_("Days, place or time zone have changed.") if tell and moved else ""
        await note_change(db, event, caller, at=at, moved=moved, tell=why)
    return event


async def fill_after(db: AsyncSession, event: Event, caller: Caller, *, at: datetime) -> None:
    """Let those who wait move up, in the background, after a step of the caller: each of them gets a mail. Where the
    caller may not send any, places stay free until somebody who may gives them, or one is given back."""
    if may_send(event.project_id, caller):
        db.info["fills"] = True
        await enqueue_job(db, FILL_CAPACITY, project_id=event.project_id, about_id=event.id, at=at)


async def note_change(
    db: AsyncSession, event: Event, caller: Caller, *, at: datetime, moved: bool, tell: str = ""
) -> MessageBatch | None:
    """Count a change. `tell` is why those concerned are written to: the batch that waits; without it only what waits
    already is written anew where the event moved."""
    event.revision += 1
    event.changed_at = at
    if moved:
        event.sequence += 1
    await db.flush()
    if tell:
        kind = CANCELLATION if event.state is rules.EventState.cancelled else UPDATE
        batch = await open_batch(db, (event.project_id, event.id, kind), tell, caller, at=at)
        note_begun(db, await _announce(db, event, at=at))
        return batch
    if moved:
        await _announce(db, event, at=at, only_drafts=True)
    return None


async def _announce(db: AsyncSession, event: Event, *, at: datetime, only_drafts: bool = False) -> Job:
    about = {"project_id": event.project_id, "about_id": event.id}
    return await enqueue_job(db, ANNOUNCE, **about, at=at, sequence=event.sequence, only_drafts=only_drafts)


async def add_session(
    db: AsyncSession,
    event_id: UUID,
    given: SessionIn,
    caller: Caller,
    *,
    at: datetime,
    key: UUID | None = None,
) -> Session:
    """A new agenda item. Feeds show it at once; no mail is sent for it."""
    event = await lock_event_for(db, event_id, caller)
    rules.must_take_place(event.state)
    existing = await db.get(Session, key) if key else None
    if existing:
        if existing.event_id != event.id:
            raise NotFound()
        return existing
    await must_be_institutions(db, event.project_id, [given.host_id], "host_id")
    session = write_session(db, event, given, at=at, key=key)
    audit.record(
        db,
        "session.added",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        session=session.id,
    )
    await note_change(db, event, caller, at=at, moved=False)
    return session


async def change_session(
    db: AsyncSession,
    session_id: UUID,
    given: SessionIn,
    caller: Caller,
    *,
    at: datetime,
    tell: bool = True,
    expected: int | None = None,
) -> Session:
    """Move or rename a session; of time or room `tell` writes to all concerned, mails that wait. Raises LostUpdate."""
    session, event = await _get_session(db, session_id, caller)
    must_match(session.revision, expected)
    await must_be_institutions(db, event.project_id, [given.host_id], "host_id")
    starts_at, ends_at = _times(event, given)
    moved = (session.starts_at, session.ends_at, session.room) != (starts_at, ends_at, given.room)
    before = session.starts_at
    said = given.model_dump(exclude={"starts", "ends"}) | {"starts_at": starts_at, "ends_at": ends_at}
    if all(getattr(session, name) == value for name, value in said.items()):
        return session
    if given.capacity is not None and given.capacity > (session.capacity or 0):
        await fill_after(db, event, caller, at=at)
    for name, value in said.items():
        setattr(session, name, value)
    session.changed_at, session.revision = at, session.revision + 1
    session.sequence += int(moved)
    audit.record(
        db,
        "session.moved",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        session=session.id,
        before=before,
        after=starts_at,
    )
    why = N_("A session has another time or room.") if tell and moved else ""
    await note_change(db, event, caller, at=at, moved=moved, tell=why)
    return session


async def remove_session(db: AsyncSession, session_id: UUID, caller: Caller, *, at: datetime) -> Event:
    session, event = await _get_session(db, session_id, caller)
    session.removed_at = session.changed_at = at
    session.sequence += 1
    audit.record(
        db, "session.removed", event.id, at=at, project_id=event.project_id, **caller.signature, session=session.id
    )
    await note_change(db, event, caller, at=at, moved=False)
    return event


async def _get_session(db: AsyncSession, session_id: UUID, caller: Caller) -> tuple[Session, Event]:
    session = await db.get(Session, session_id)
    if session is None or session.removed_at:
        raise NotFound()
    event = await lock_event_for(db, session.event_id, caller)
    rules.must_take_place(event.state)
    return session, event


async def is_component_used(db: AsyncSession, component_id: UUID) -> bool:
    """Whether an event reports to it."""
    return (await db.exec(select(Event.id).where(Event.component_id == component_id).limit(1))).first() is not None
