"""Giving people their parts, moving sessions, and publishing the programme."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import without_secrets
from core.errors import N_, NotFound, Unacceptable
from core.files import FileStore
from core.i18n import Words, words
from core.ids import new_id
from core.web import must_match
from core.zones import local
from directory.accounts.access import Caller
from directory.accounts.service import name_in
from directory.people.models import Institution, Person
from directory.people.service import must_be_people
from directory.projects.models import Project
from directory.projects.service import pictures_of
from directory.suggestions.service import person_meant
from events.programme.agenda import rules
from events.programme.agenda.documents import Programme, ProgrammeItem
from events.programme.agenda.models import AgendaVersion, SessionPerson, VenueRoom
from events.programme.agenda.rules import SESSION_ROLES, AgendaChange, Clash, Item
from events.programme.agenda.schemas import NamedRole, RoleIn, VenueRoomIn
from events.programme.events.mails import PART
from events.programme.events.models import Event, Session
from events.programme.events.rules import must_take_place
from events.programme.events.schemas import SessionIn
from events.programme.events.service import (
    NOTIFY_SPEAKERS,
    change_session,
    list_sessions,
    lock_event_for,
    note_change,
)
from notifications.batches.service import note_begun, open_batch
from notifications.jobs.service import enqueue_job

Roles = dict[UUID, list[tuple[SessionPerson, Person]]]


async def set_people(
    db: AsyncSession, session_id: UUID, given: Sequence[RoleIn], caller: Caller, *, at: datetime
) -> Session:
    """Everybody named has their part, nobody else. Raises Unacceptable for people the project does not know."""
    session, event = await _locked(db, session_id, caller)
    await _give_roles(db, session, event, given, caller, at=at)
    return session


async def _give_roles(
    db: AsyncSession, session: Session, event: Event, given: Sequence[RoleIn], caller: Caller, *, at: datetime
) -> None:
    """Whoever calls holds the event's lock, and read under it what stays."""
    wanted = {(one.person_id, one.role): one for one in given}
    await must_be_people(db, event.project_id, [person for person, _ in wanted], "people")
    await db.exec(delete(SessionPerson).where(col(SessionPerson.session_id) == session.id))
    db.add_all(SessionPerson(session_id=session.id, **one.model_dump()) for one in wanted.values())
    session.changed_at = at
    audit.record(
        db, "session.people", event.id, at=at, project_id=event.project_id, **caller.signature, session=session.id
    )
    await note_change(db, event, caller, at=at, moved=False)


async def add_person(
    db: AsyncSession, session_id: UUID, given: NamedRole, caller: Caller, *, at: datetime, may_add: bool = False
) -> None:
    """Give a part to the one person of the project whom name or address means; with `may_add`, to somebody new.

    Raises Unacceptable.
    """
    session, event = await _locked(db, session_id, caller)
    person = await person_meant(db, event.project_id, given.who, caller, field="who", at=at, may_add=may_add)
    roles = (await roles_of(db, [session.id])).get(session.id, [])
    rest = [RoleIn(person_id=p.person_id, role=p.role, languages=p.languages) for p, _ in roles]
    mine = RoleIn(person_id=person.id, role=given.role, languages=given.languages)
    await _give_roles(db, session, event, [*rest, mine], caller, at=at)


async def remove_role(db: AsyncSession, role_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take somebody's part away. Returns the session."""
    role = await db.get(SessionPerson, role_id)
    if role is None:
        raise NotFound()
    session, event = await _locked(db, role.session_id, caller)
    roles = (await roles_of(db, [session.id])).get(session.id, [])
    rest = [RoleIn(person_id=p.person_id, role=p.role, languages=p.languages) for p, _ in roles if p.id != role_id]
    await _give_roles(db, session, event, rest, caller, at=at)
    return session.id


async def _locked(db: AsyncSession, session_id: UUID, caller: Caller) -> tuple[Session, Event]:
    session = await db.get(Session, session_id)
    if session is None or session.removed_at:
        raise NotFound()
    event = await lock_event_for(db, session.event_id, caller)
    must_take_place(event.state)
    return session, event


async def roles_of(db: AsyncSession, session_ids: Sequence[UUID]) -> Roles:
    """Who has a part in each of these sessions: one query, which reads nothing that is encrypted."""
    roles: Roles = {}
    for one, person in await db.exec(_roles(), params={"session_ids": list(session_ids)}):
        roles.setdefault(one.session_id, []).append((one, person))
    return roles


@cache
def _roles() -> Any:
    wanted: Any = sa.bindparam("session_ids", expanding=True)
    return (
        select(SessionPerson, Person)
        .join(Person, col(Person.id) == SessionPerson.person_id)
        .where(col(SessionPerson.session_id).in_(wanted))
        .order_by(col(SessionPerson.role).desc(), Person.sort_key)
        .options(*without_secrets(Person))
    )


def clashes_of(event: Event, sessions: Sequence[Session], roles: Roles, rooms: Sequence[VenueRoom] = ()) -> list[Clash]:
    """Warnings about the agenda as it stands."""
    return rules.clashes(
        [
            Item(
                s.title,
                s.kind,
                s.starts_at,
                s.ends_at,
                s.room,
                {p.id: p.name for _, p in roles.get(s.id, [])},
                s.capacity,
            )
            for s in sessions
        ],
        event.zone,
        {rules.room_key(one.name): one.capacity for one in rooms if one.capacity is not None},
        event.taken,
    )


async def list_rooms(db: AsyncSession, event_id: UUID) -> list[VenueRoom]:
    """The rooms of an event's venue by name."""
    found = await db.exec(select(VenueRoom).where(VenueRoom.event_id == event_id).order_by(VenueRoom.name).limit(200))
    return list(found.all())


async def add_room(
    db: AsyncSession, event_id: UUID, given: VenueRoomIn, caller: Caller, *, at: datetime, key: UUID | None = None
) -> VenueRoom:
    """A room more; the same key gives the one there is. Raises Unacceptable for a name that is there."""
    event = await lock_event_for(db, event_id, caller)
    there = await db.get(VenueRoom, key) if key else None
    if there:
        if there.event_id != event.id:
            raise NotFound()
        return there
    await _must_be_another(db, event.id, given, None)
    room = VenueRoom(id=key or new_id(), event_id=event.id, **given.model_dump())
    db.add(room)
    return await _note_room(db, event, room, "venue-room.added", caller, at=at)


async def change_room(
    db: AsyncSession, room_id: UUID, given: VenueRoomIn, caller: Caller, *, at: datetime, expected: int | None = None
) -> VenueRoom:
    """Another name, size or equipment; sessions keep the name that they say. Raises NotFound, Unacceptable,
    LostUpdate."""
    room, event = await _locked_room(db, room_id, caller)
    must_match(room.revision, expected)
    await _must_be_another(db, event.id, given, room)
    for name, value in given.model_dump().items():
        setattr(room, name, value)
    return await _note_room(db, event, room, "venue-room.changed", caller, at=at)


async def remove_room(
    db: AsyncSession, room_id: UUID, caller: Caller, *, at: datetime, expected: int | None = None
) -> UUID:
    """Take a room off the list; sessions keep its name. Returns the event. Raises NotFound, LostUpdate."""
    room, event = await _locked_room(db, room_id, caller)
    must_match(room.revision, expected)
    await db.delete(room)
    await _note_room(db, event, room, "venue-room.removed", caller, at=at)
    return event.id


async def _locked_room(db: AsyncSession, room_id: UUID, caller: Caller) -> tuple[VenueRoom, Event]:
    room = await db.get(VenueRoom, room_id)
    if room is None:
        raise NotFound()
    event = await lock_event_for(db, room.event_id, caller)
    # As it is under the lock.
    room = await db.get(VenueRoom, room_id, populate_existing=True)
    if room is None:
        raise NotFound()
    return room, event


async def _must_be_another(db: AsyncSession, event_id: UUID, given: VenueRoomIn, own: VenueRoom | None) -> None:
    key = rules.room_key(given.name)
    if any(rules.room_key(one.name) == key and one is not own for one in await list_rooms(db, event_id)):
        raise Unacceptable("name", N_("There is a room of this name already."))


async def _note_room(
    db: AsyncSession, event: Event, room: VenueRoom, act: str, caller: Caller, *, at: datetime
) -> VenueRoom:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, room=room.id)
    await db.flush()
    return room


async def move_session(
    db: AsyncSession,
    session_id: UUID,
    caller: Caller,
    *,
    minutes: int | None,
    onto: UUID | None,
    at: datetime,
) -> Session:
    """Move a session on the clock, keeping its length; nobody is written to before the programme is published."""
    session, event = await _locked(db, session_id, caller)
    starts = local(session.starts_at, event.zone).replace(tzinfo=None)
    if onto is not None:
        other = await db.get(Session, onto)
        if other is None or other.event_id != event.id:
            raise NotFound()
        starts = local(other.starts_at, event.zone).replace(tzinfo=None)
    starts += timedelta(minutes=minutes or 0)
    given = SessionIn(
        title=session.title,
        title_en=session.title_en,
        title_tr=session.title_tr,
        kind=session.kind,
        room=session.room,
        capacity=session.capacity,
        starts=starts,
        ends=starts + (session.ends_at - session.starts_at),
        host_id=session.host_id,
    )
    return await change_session(db, session_id, given, caller, at=at, tell=False)


async def publish(
    db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime, tell: bool = True
) -> AgendaVersion:
    """Keep the programme as it is now, and write to everybody concerned: mails that wait. Raises NothingNew."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    last = await last_version(db, event_id)
    now = await _content(db, event)
    if last is not None and not rules.changes(last.content, now, rules.span_in(words(caller.language))):
        raise rules.NothingNew()
    version = AgendaVersion(
        event_id=event_id,
        number=last.number + 1 if last else 1,
        published_at=at,
        published_by=await name_in(db, caller, event.project_id),
        content=now,
    )
    db.add(version)
    audit.record(
        db,
        "programme.published",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        number=version.number,
    )
    why = N_("A new version of the programme is published.") if tell and last is not None else ""
    await note_change(db, event, caller, at=at, moved=last is not None, tell=why)
    if tell and last is None:
        key = (event.project_id, event.id, PART)
        await open_batch(db, key, N_("The programme is published: this is their part in it."), caller, at=at)
        job = await enqueue_job(db, NOTIFY_SPEAKERS, project_id=event.project_id, about_id=event.id, at=at)
        note_begun(db, job)
    return version


async def what_changed(db: AsyncSession, event: Event, say: Words) -> tuple[AgendaVersion | None, list[AgendaChange]]:
    """The last published version, and how the agenda differs from it now."""
    last = await last_version(db, event.id)
    return last, rules.changes(last.content, await _content(db, event), rules.span_in(say)) if last else []


async def last_version(db: AsyncSession, event_id: UUID) -> AgendaVersion | None:
    found = await db.exec(
        select(AgendaVersion)
        .where(AgendaVersion.event_id == event_id)
        .order_by(col(AgendaVersion.number).desc())
        .limit(1)
    )
    return found.first()


def last_pasted(sessions: Sequence[Session], version: AgendaVersion | None) -> list[Session]:
    """Those of the last paste that are there still; none once the programme was published with them."""
    pasted = [one for one in sessions if one.pasted_id is not None]
    if not pasted:
        return []
    last = max(pasted, key=lambda one: one.created_at)
    if version is not None and version.published_at >= last.created_at:
        return []
    return [one for one in pasted if one.pasted_id == last.pasted_id]


async def _content(db: AsyncSession, event: Event) -> list[dict[str, Any]]:
    sessions = await list_sessions(db, event.id)
    roles = await roles_of(db, [s.id for s in sessions])
    return [content_of(s, event.zone, roles.get(s.id, [])) for s in sessions]


def content_of(session: Session, zone: str, roles: Sequence[tuple[SessionPerson, Person]] = ()) -> dict[str, Any]:
    """A session as versions of a programme keep it and `rules.changes` compares it, in local times."""
    return {
        "id": str(session.id),
        "title": session.title,
        "room": session.room,
        "starts": local(session.starts_at, zone).strftime("%Y-%m-%dT%H:%M"),
        "ends": local(session.ends_at, zone).strftime("%Y-%m-%dT%H:%M"),
        "people": [f"{one.role}: {person.name}" for one, person in roles],
    }


async def programme_for(
    db: AsyncSession,
    event: Event,
    language: str,
    *,
    at: datetime,
    files: FileStore | None = None,
    without: Collection[UUID] = (),
) -> Programme:
    """All that the printed programme shows, in one language; with `files` its logos too, some sessions left out."""
    found = await db.exec(_head(), params={"event_id": event.id, "project_id": event.project_id})
    project, version = found.one()
    sessions = [s for s in await list_sessions(db, event.id) if s.id not in without]
    roles = await roles_of(db, [s.id for s in sessions])
    hosts = await _hosts(db, sessions, language)
    items = [
        ProgrammeItem(
            starts=local(s.starts_at, event.zone),
            ends=local(s.ends_at, event.zone),
            title=s.title_in(language),
            kind=s.kind,
            venue=", ".join(filter(None, [s.room, hosts.get(s.host_id) if s.host_id else ""])),
            people=[
                (SESSION_ROLES[one.role], f"{p.title_in(language)} {p.name}".strip(), one.languages)
                for one, p in roles.get(s.id, [])
            ],
        )
        for s in sessions
    ]
    return Programme(
        title=event.title_in(language),
        venue=event.venue,
        first_day=event.first_day,
        last_day=event.last_day,
        items=items,
        project=project.title_in(language),
        contract=project.contract_number,
        statement=project.funding_statement(language),
        emblem=project.emblem.value,
        version=version or 0,
        language=language,
        made_at=at,
        logos=await pictures_of(db, project.id, files) if files else (),
    )


@cache
def _head() -> Any:
    """The project of an event, and the number of its programme that was kept last."""
    versions = select(sa.func.max(AgendaVersion.number)).where(col(AgendaVersion.event_id) == sa.bindparam("event_id"))
    return select(Project, versions.scalar_subquery()).where(col(Project.id) == sa.bindparam("project_id"))


async def _hosts(db: AsyncSession, sessions: Sequence[Session], language: str) -> dict[UUID, str]:
    """The institutions that receive a visit's sessions, by their name in that language."""
    hosts = {s.host_id for s in sessions if s.host_id}
    found = await db.exec(select(Institution).where(col(Institution.id).in_(hosts))) if hosts else ()
    return {one.id: one.name_in(language) for one in found}
