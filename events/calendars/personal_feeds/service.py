"""Personal feeds: one indexed query says whether anything changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.ical import Entry, feed_calendar
from core.errors import NotFound
from core.i18n import words
from core.security import hash_token, new_token
from core.settings import Settings
from directory.people.models import Person
from events.calendars.entries.service import SOURCES, Registered, deadline_entry, entries_for
from events.calendars.personal_feeds.documents import jscalendar
from events.calendars.personal_feeds.models import Feed
from events.calendars.personal_feeds.schemas import FeedWish
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.registrations.models import Registration
from events.invitations.session_signups.service import chosen_by
from events.programme.events.models import Event, Session

# Rendered feeds that a process keeps, by ETag; the least used is forgotten first.
CACHED = 2000
NOTED_EVERY = timedelta(hours=1)


class Subscription(Protocol):
    """The row of a feed, whoever's calendar it is."""

    id: UUID
    fetched_at: datetime | None
    revoked_at: datetime | None


class Found(Protocol):
    """A feed as it stands; `etag` names exactly this content."""

    @property
    def feed(self) -> Subscription: ...
    @property
    def etag(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Shown:
    """A feed, the registrations it shows, and the invitations without one that the person has seen."""

    feed: Feed
    etag: str
    language: str
    registrations: Registered
    invitations: Sequence[tuple[Invitation, Event]] = ()


async def subscribe(db: AsyncSession, person_id: UUID, wish: FeedWish, settings: Settings, *, at: datetime) -> str:
    """A new secret address; only its hash is kept."""
    token = new_token()
    db.add(Feed(person_id=person_id, token_hash=hash_token(token), made_at=at, **wish.model_dump()))
    audit.record(db, "feed.created", person_id, at=at, by=audit.Actor.person(person_id))
    await db.flush()
    return f"{settings.base_url}/calendar/{token}.ics"


async def renew(db: AsyncSession, person_id: UUID, feed_id: UUID, settings: Settings, *, at: datetime) -> str:
    """The same subscription under a new address, for whoever thinks that the old one is known to others. Raises
    NotFound."""
    feed = await db.get(Feed, feed_id)
    if feed is None or feed.person_id != person_id or feed.revoked_at:
        raise NotFound()
    await end_subscriptions(db, person_id, at=at, feed_id=feed_id)
    wish = FeedWish(**feed.model_dump(include=set(FeedWish.model_fields)))
    return await subscribe(db, person_id, wish, settings, at=at)


async def end_subscriptions(db: AsyncSession, person_id: UUID, *, at: datetime, feed_id: UUID | None = None) -> None:
    """End one subscription of a person, or all of them."""
    mine = update(Feed).where(col(Feed.person_id) == person_id, col(Feed.revoked_at).is_(None))
    if feed_id:
        mine = mine.where(col(Feed.id) == feed_id)
    await db.exec(mine.values(revoked_at=at))
    audit.record(db, "feed.revoked", person_id, at=at, by=audit.Actor.person(person_id))


async def list_subscriptions(db: AsyncSession, person_id: UUID) -> list[Feed]:
    """Subscriptions that are not ended, with who fetched them last."""
    found = await db.exec(
        select(Feed)
        .where(Feed.person_id == person_id, col(Feed.revoked_at).is_(None))
        .order_by(col(Feed.id).desc())
        .limit(50)
    )
    return list(found.all())


def is_fetch_worth_noting(fetched_at: datetime | None, *, at: datetime) -> bool:
    """Noting each fetch would be a write for every read: once an hour is enough."""
    return fetched_at is None or fetched_at < at - NOTED_EVERY


async def note_fetch(db: AsyncSession, feed: Subscription, client: str, *, at: datetime) -> None:
    """When it was asked for last, and by which program."""
    rows: Any = type(feed)
    noted = update(rows).where(rows.id == feed.id).values(fetched_at=at, client=client[:120])
    await db.exec(noted, execution_options={"unwatched": True})


async def look_up(db: AsyncSession, token: str) -> Shown:
    """What the feed shows now, in one query. Raises NotFound."""
    # Alone and limited, so that what sources say is worked out once and not again for each event.
    found = (
        select(Feed.id, *(source.state(col(Feed.person_id)).label(f"state_{n}") for n, source in enumerate(SOURCES)))
        .where(Feed.token_hash == hash_token(token))
        .limit(1)
        .subquery()
    )
    states = [column for column in found.c if column.name != "id"]
    wanted: Any = (
        select(Feed, Person, Invitation, Registration, Event, *states)  # type: ignore[call-overload]
        .join(found, found.c.id == col(Feed.id))
        .join(Person, col(Person.id) == Feed.person_id)
        .join(Invitation, col(Invitation.person_id) == Feed.person_id, isouter=True)
        .join(Registration, col(Registration.invitation_id) == Invitation.id, isouter=True)
        .join(Event, col(Event.id) == Invitation.event_id, isouter=True)
        .order_by(col(Invitation.id), col(Registration.id))
    )
    rows = (await db.exec(wanted)).all()
    if not rows:
        raise NotFound()
    feed, person = rows[0][0], rows[0][1]
    shown = _shown(feed, feed.language or person.language, [row[2:5] for row in rows])
    state = [feed.id.hex, str(feed.revoked_at), shown.language, *map(str, rows[0][5:])]
    state += [f"{r.id.hex}.{r.revision}.{e.revision}" for r, e in shown.registrations]
    state += [f"{i.id.hex}.{i.status}.{i.answers}.{i.round}.{e.revision}" for i, e in shown.invitations]
    return replace(shown, etag=hashlib.sha256("|".join(state).encode()).hexdigest()[:32])


async def shown_to(db: AsyncSession, person_id: UUID) -> Shown:
    """The same for the person themself, without a subscription."""
    found = await db.exec(
        select(Invitation, Registration, Event)
        .join(Registration, col(Registration.invitation_id) == Invitation.id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(Invitation.person_id == person_id)
        .order_by(col(Invitation.id), col(Registration.id))
    )
    person = await db.get_one(Person, person_id)
    return _shown(Feed(person_id=person_id, token_hash=""), person.language, found.all())


def _shown(feed: Feed, language: str, rows: Sequence[Any]) -> Shown:
    """The latest answer to each event, and each invitation that the person has opened or answered."""
    registered = {r.event_id: (r, e) for _, r, e in rows if r is not None}
    seen = {
        i.id: (i, e)
        for i, r, e in rows
        if i is not None and (r is None or feed.with_deadlines) and (i.opened_at or i.answered_at)
    }
    return Shown(feed, "", language, list(registered.values()), list(seen.values()))


async def render(db: AsyncSession, shown: Shown, settings: Settings) -> bytes:
    """The feed's bytes: sessions where an event has any, whole days where not."""
    entries = await entries_of(db, shown, settings)
    say = words(shown.language)
    return feed_calendar(
        entries,
        name=say.translate("My events"),
        about=say.translate("Events that I am registered for"),
        zone=shown.registrations[0][1].zone if shown.registrations else "UTC",
        address="",
        alarm_minutes=shown.feed.alarm_minutes,
    )


async def render_jscalendar(db: AsyncSession, shown: Shown, settings: Settings) -> dict[str, Any]:
    """The feed as JSCalendar; of a revoked one only that it is over."""
    say = words(shown.language)
    uid = f"{shown.feed.person_id}@{settings.uid_domain}"
    if shown.feed.revoked_at:
        return jscalendar([], uid=uid, name=say.translate("No longer available"), about="")
    entries = await entries_of(db, shown, settings)
    return jscalendar(
        entries, uid=uid, name=say.translate("My events"), about=say.translate("Events that I am registered for")
    )


async def entries_of(db: AsyncSession, shown: Shown, settings: Settings) -> list[Entry]:
    """What a person's calendar holds."""
    feed, domain, language = shown.feed, settings.uid_domain, shown.language
    registered = {event.id for _, event in shown.registrations}
    tentative = [
        event for i, event in shown.invitations if i.status is InvitationStatus.tentative and event.id not in registered
    ]
    events = [] if feed.as_days else [*registered, *(event.id for event in tentative)]
    found = await db.exec(select(Session).where(col(Session.event_id).in_(events)).order_by(col(Session.starts_at)))
    sessions: dict[UUID, list[Session]] = {}
    for session in found:
        sessions.setdefault(session.event_id, []).append(session)
    chosen = await chosen_by(db, [registration.id for registration, _ in shown.registrations])
    entries = [
        entry
        for registration, event in [*shown.registrations, *((None, event) for event in tentative)]
        for entry in entries_for(registration, event, sessions.get(event.id, []), chosen, domain, language)
    ]
    if feed.with_deadlines:
        deadlines = (deadline_entry(i, event, domain, language) for i, event in shown.invitations)
        entries += [entry for entry in deadlines if entry]
    for source in SOURCES:
        entries += await source.entries(db, shown.registrations, domain, language)
    return [entry for entry in entries if feed.with_tentative or entry.status != "TENTATIVE"]


def over(language: str) -> bytes:
    """The last thing a revoked feed says, so that clients stop and people understand."""
    name = words(language).translate("No longer available")
    return feed_calendar([], name=name, about=name, zone="UTC", address="")
