"""Making shared calendars, saying in one query whether one has changed, and rendering it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.ical import Entry, feed_calendar
from core.errors import N_, NotFound, Unacceptable
from core.i18n import words
from core.security import hash_token, new_token
from core.settings import Settings
from core.zones import day_in, local
from directory.accounts.access import Caller
from directory.components.models import Component
from directory.people.models import Person
from directory.projects.models import Project
from directory.projects.service import get_project, must_reach
from events.calendars.entries.service import event_entry, session_entry, status_of
from events.calendars.shared_feeds.models import SharedFeed
from events.calendars.shared_feeds.rules import FEED_KINDS, OF_EVENT, OF_PROJECT, FeedKind, must_name_its_subject
from events.calendars.shared_feeds.schemas import SharedFeedIn
from events.programme.agenda.models import SessionPerson
from events.programme.events.models import Event, Session
from events.programme.events.rules import EventState
from events.programme.events.service import get_event

MOST_EVENTS = 1000


async def share_event(
    db: AsyncSession, event_id: UUID, given: SharedFeedIn, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[SharedFeed, str]:
    """A new secret address of a calendar of the event. Only its hash is kept. Raises Unacceptable."""
    event = await get_event(db, event_id, caller)
    return await _share(db, event.project_id, event_id, given, caller, settings, at=at)


async def share_project(
    db: AsyncSession, project_id: UUID, given: SharedFeedIn, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[SharedFeed, str]:
    """The same of a calendar of the project. Raises Unacceptable."""
    await get_project(db, project_id, caller)
    return await _share(db, project_id, None, given, caller, settings, at=at)


async def _share(
    db: AsyncSession,
    project_id: UUID,
    event_id: UUID | None,
    given: SharedFeedIn,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> tuple[SharedFeed, str]:
    if given.kind not in (OF_EVENT if event_id else OF_PROJECT):
        raise Unacceptable("kind", N_("This calendar is made elsewhere."))
    must_name_its_subject(
        given.kind, component=given.component_id is not None, room=bool(given.room), person=given.person_id is not None
    )
    await _must_be_theirs(db, given, project_id, event_id)
    token = new_token()
    feed = SharedFeed(
        project_id=project_id,
        event_id=event_id,
        token_hash=hash_token(token),
        made_at=at,
        **given.model_dump(),
    )
    db.add(feed)
    audit.record(
        db,
        "feed.shared",
        event_id or project_id,
        at=at,
        project_id=project_id,
        **caller.signature,
        kind=given.kind,
    )
    await db.flush()
    return feed, f"{settings.base_url}/calendar/shared/{token}.ics"


async def _must_be_theirs(db: AsyncSession, given: SharedFeedIn, project_id: UUID, event_id: UUID | None) -> None:
    if given.component_id:
        component = await db.get(Component, given.component_id)
        if component is None or component.project_id != project_id:
            raise Unacceptable("component_id", N_("Please choose what the calendar is of."))
    if given.person_id:
        role = await db.exec(
            select(SessionPerson.id)
            .join(Session, col(Session.id) == SessionPerson.session_id)
            .where(Session.event_id == event_id, SessionPerson.person_id == given.person_id)
        )
        if role.first() is None:
            raise Unacceptable("person_id", N_("This person has no part in a session of the event."))


async def list_shared(
    db: AsyncSession, *, event_id: UUID | None = None, project_id: UUID | None = None
) -> list[SharedFeed]:
    """Subscriptions that are not ended, the latest first."""
    wanted = select(SharedFeed).where(col(SharedFeed.revoked_at).is_(None))
    if event_id:
        wanted = wanted.where(SharedFeed.event_id == event_id)
    else:
        wanted = wanted.where(SharedFeed.project_id == project_id, col(SharedFeed.event_id).is_(None))
    found = await db.exec(wanted.order_by(col(SharedFeed.id).desc()).limit(200))
    return list(found.all())


async def end(db: AsyncSession, feed_id: UUID, caller: Caller, *, at: datetime) -> SharedFeed:
    """Revoke an address; clients that ask again are told so. Raises NotFound."""
    feed = await db.get(SharedFeed, feed_id)
    if feed is None:
        raise NotFound()
    must_reach(feed.project_id, "shared-feed", feed_id, caller)
    if feed.revoked_at is None:
        feed.revoked_at = at
        audit.record(
            db,
            "feed.revoked",
            feed.event_id or feed.project_id,
            at=at,
            project_id=feed.project_id,
            **caller.signature,
        )
        await db.flush()
    return feed


async def renew(
    db: AsyncSession, feed_id: UUID, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[SharedFeed, str]:
    """The same calendar under a new address; the old one ends. Raises NotFound, for one that has ended too."""
    old = await db.get(SharedFeed, feed_id)
    if old is None or old.revoked_at:
        raise NotFound()
    await end(db, feed_id, caller, at=at)
    given = SharedFeedIn(**old.model_dump(include=set(SharedFeedIn.model_fields)))
    if old.event_id:
        return await share_event(db, old.event_id, given, caller, settings, at=at)
    return await share_project(db, old.project_id, given, caller, settings, at=at)


@dataclass(frozen=True)
class Shared:
    """A shared feed as it stands."""

    feed: SharedFeed
    etag: str

    @property
    def language(self) -> str:
        return self.feed.language


def _events_of(feed: Any) -> sa.ColumnElement[bool]:
    """Which events a feed shows, for a feed that is a row of the same query."""
    has_role = (
        sa.exists()
        .where(
            col(Session.event_id) == Event.id,
            col(SessionPerson.session_id) == Session.id,
            col(SessionPerson.person_id) == feed.person_id,
        )
        .correlate(Event, feed)
    )
    return sa.and_(
        col(Event.project_id) == feed.project_id,
        sa.or_(col(feed.event_id).is_(None), col(Event.id) == feed.event_id),
        sa.or_(
            col(feed.component_id).is_(None),
            col(Event.component_id) == feed.component_id,
            col(Event.component_id).in_(
                select(Component.id).where(Component.parent_id == feed.component_id).correlate(feed)
            ),
        ),
        sa.or_(col(feed.person_id).is_(None), has_role),
        col(Event.state) != EventState.draft,
    )


async def look_up(db: AsyncSession, token: str) -> Shared:
    """What the feed shows now, in one query: every change of an event raises its revision. Raises NotFound."""
    found = await db.exec(
        select(
            SharedFeed,
            sa.func.count(col(Event.id)),
            sa.func.coalesce(sa.func.sum(Event.revision), 0),
            sa.func.max(Event.changed_at),
        )
        .join(Event, _events_of(SharedFeed), isouter=True)
        .where(SharedFeed.token_hash == hash_token(token))
        .group_by(col(SharedFeed.id))
    )
    row = found.first()
    if row is None:
        raise NotFound()
    feed, count, revisions, changed = row
    state = f"{feed.id.hex}|{feed.revoked_at}|{count}|{revisions}|{changed}"
    return Shared(feed, hashlib.sha256(state.encode()).hexdigest()[:32])


async def render(db: AsyncSession, shared: Shared, settings: Settings) -> bytes:
    """The feed's bytes. Whole days where it is asked for or an event has no sessions; nobody is named in it."""
    feed = shared.feed
    found = await db.exec(
        select(Event)
        .join(SharedFeed, _events_of(SharedFeed))
        .where(SharedFeed.id == feed.id)
        .order_by(col(Event.first_day), col(Event.id))
        .limit(MOST_EVENTS)
    )
    events = list(found.all())
    sessions = {} if feed.as_days else await _sessions(db, feed, [event.id for event in events])
    entries = [
        entry for event in events for entry in _entries(feed, event, sessions.get(event.id, []), settings.uid_domain)
    ]
    say = words(feed.language)
    name = feed.label or f"{(await db.get_one(Project, feed.project_id)).acronym}: {await _title(db, feed)}"
    return feed_calendar(
        entries,
        name=name,
        about=say.translate(FEED_KINDS[feed.kind]),
        zone=events[0].zone if events else "UTC",
        address="",
        alarm_minutes=feed.alarm_minutes,
    )


@dataclass(frozen=True)
class RoomScreen:
    """What takes place in a room on a day: sessions with local times, and how far each is."""

    room: str
    day: date
    now: datetime
    sessions: Sequence[tuple[Session, Event]]


async def room_screen(db: AsyncSession, token: str, *, at: datetime) -> tuple[SharedFeed, RoomScreen]:
    """What a screen at the room's door shows now. Raises NotFound, for calendars that are of no room too."""
    shared = await look_up(db, token)
    feed = shared.feed
    if feed.kind is not FeedKind.room or feed.revoked_at:
        raise NotFound()
    rows = await db.exec(
        select(Session, Event)
        .join(Event, col(Event.id) == Session.event_id)
        .where(
            Session.event_id == feed.event_id,
            sa.func.lower(Session.room) == feed.room.lower(),
            col(Session.removed_at).is_(None),
            col(Event.state).not_in([EventState.draft, EventState.cancelled]),
        )
        .order_by(col(Session.starts_at))
    )
    sessions = list(rows.all())
    zone = sessions[0][1].zone if sessions else "UTC"
    today = day_in(zone, at=at)
    shown = [(s, e) for s, e in sessions if day_in(e.zone, at=s.starts_at) == today]
    return feed, RoomScreen(feed.room, today, local(at, zone), shown)


async def _title(db: AsyncSession, feed: SharedFeed) -> str:
    if feed.kind is FeedKind.room:
        return feed.room
    if feed.kind is FeedKind.person and feed.person_id:
        return (await db.get_one(Person, feed.person_id)).name
    if feed.kind is FeedKind.event and feed.event_id:
        return (await db.get_one(Event, feed.event_id)).title_in(feed.language)
    if feed.kind is FeedKind.component and feed.component_id:
        return (await db.get_one(Component, feed.component_id)).title
    return words(feed.language).translate("Events")


async def _sessions(db: AsyncSession, feed: SharedFeed, events: list[UUID]) -> dict[UUID, list[Session]]:
    rows = select(Session).where(col(Session.event_id).in_(events)).order_by(col(Session.starts_at), col(Session.id))
    if feed.kind is FeedKind.room:
        rows = rows.where(sa.func.lower(Session.room) == feed.room.lower())
    if feed.kind is FeedKind.person:
        mine = select(SessionPerson.session_id).where(SessionPerson.person_id == feed.person_id)
        rows = rows.where(col(Session.id).in_(mine))
    sessions: dict[UUID, list[Session]] = {}
    for session in (await db.exec(rows)).all():
        sessions.setdefault(session.event_id, []).append(session)
    return sessions


def _entries(feed: SharedFeed, event: Event, sessions: list[Session], domain: str) -> list[Entry]:
    if not feed.with_tentative and status_of(event) == "TENTATIVE":
        return []
    if sessions:
        entries = [session_entry(session, event, domain, feed.language) for session in sessions]
        # Whoever passes the door need not learn how to join from outside.
        return [replace(e, conference="") for e in entries] if feed.kind is FeedKind.room else entries
    return [] if feed.kind in (FeedKind.room, FeedKind.person) else [event_entry(event, domain, feed.language)]


async def rooms_of(db: AsyncSession, event_id: UUID) -> list[str]:
    found = await db.exec(
        select(Session.room)
        .where(Session.event_id == event_id, Session.room != "", col(Session.removed_at).is_(None))
        .distinct()
        .order_by(Session.room)
    )
    return list(found.all())


async def people_with_roles(db: AsyncSession, event_id: UUID) -> list[Person]:
    found = await db.exec(
        select(Person)
        .join(SessionPerson, col(SessionPerson.person_id) == Person.id)
        .join(Session, col(Session.id) == SessionPerson.session_id)
        .where(Session.event_id == event_id, col(Session.removed_at).is_(None))
        .distinct()
        .order_by(Person.sort_key)
    )
    return list(found.all())
