"""Personal feeds: one indexed query says whether anything changed."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.i18n import words
from core.security import fingerprint, new_token
from core.settings import Settings
from directory.people.models import Person
from events.calendars.documents import Entry, feed_calendar
from events.calendars.jscalendar import jscalendar
from events.calendars.models import Feed
from events.choices.service import chosen_by
from events.programme.models import Event, Session
from events.programme.rules import EventState
from events.registrations.models import Registration
from events.registrations.rules import Standing

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
    """A feed and the registrations it shows."""

    feed: Feed
    etag: str
    language: str
    registrations: Sequence[tuple[Registration, Event]]


class FeedCache:
    """Rendered bytes by feed and revision, the least used forgotten first."""

    def __init__(self) -> None:
        self._bytes: OrderedDict[str, bytes] = OrderedDict()

    def find(self, etag: str) -> bytes | None:
        if etag in self._bytes:
            self._bytes.move_to_end(etag)
        return self._bytes.get(etag)

    def keep(self, etag: str, content: bytes) -> None:
        self._bytes[etag] = content
        if len(self._bytes) > CACHED:
            self._bytes.popitem(last=False)


async def subscribe(
    db: AsyncSession, person_id: UUID, name: str, settings: Settings, *, at: datetime, as_days: bool = False,
    alarm_minutes: int = 0,
) -> str:  # fmt: skip
    """A new secret address; only its hash is kept."""
    token = new_token()
    db.add(
        Feed(
            person_id=person_id, token_hash=fingerprint(token), made_at=at, as_days=as_days, alarm_minutes=alarm_minutes
        )
    )  # fmt: skip
    audit.record(db, "feed.created", person_id, at=at, actor=name)
    await db.flush()
    return f"{settings.base_url}/calendar/{token}.ics"


async def end_subscriptions(
    db: AsyncSession, person_id: UUID, name: str, *, at: datetime, feed_id: UUID | None = None
) -> None:
    """End one subscription of a person, or all of them."""
    mine = update(Feed).where(col(Feed.person_id) == person_id, col(Feed.revoked_at).is_(None))
    if feed_id:
        mine = mine.where(col(Feed.id) == feed_id)
    await db.exec(mine.values(revoked_at=at))
    audit.record(db, "feed.revoked", person_id, at=at, actor=name)


async def list_subscriptions(db: AsyncSession, person_id: UUID) -> list[Feed]:
    """Subscriptions that are not ended, with who fetched them last."""
    found = await db.exec(
        select(Feed)
        .where(Feed.person_id == person_id, col(Feed.revoked_at).is_(None))
        .order_by(col(Feed.id).desc())
        .limit(50)
    )
    return list(found.all())


def is_fetch_worth_noting(fetched_at: datetime | None, at: datetime) -> bool:
    """Noting each fetch would be a write for every read: once an hour is enough."""
    return fetched_at is None or fetched_at < at - NOTED_EVERY


async def note_fetch(db: AsyncSession, feed: Subscription, client: str, at: datetime) -> None:
    """When it was asked for last, and by which program."""
    rows: Any = type(feed)
    noted = update(rows).where(rows.id == feed.id).values(fetched_at=at, client=client[:120])
    await db.exec(noted, execution_options={"unwatched": True})


async def look_up(db: AsyncSession, token: str) -> Shown:
    """What the feed shows now, in one query. Raises NotFound."""
    found = await db.exec(
        select(Feed, Person, Registration, Event)
        .join(Person, col(Person.id) == Feed.person_id)
        .join(Registration, col(Registration.person_id) == Feed.person_id, isouter=True)
        .join(Event, col(Event.id) == Registration.event_id, isouter=True)
        .where(Feed.token_hash == fingerprint(token))
        .order_by(col(Registration.id))
    )
    rows = found.all()
    if not rows:
        raise NotFound()
    feed, person = rows[0][0], rows[0][1]
    shown = {r.event_id: (r, e) for _, _, r, e in rows if r is not None}  # the latest answer to each event
    state = [feed.id.hex, str(feed.revoked_at), person.language]
    state += [f"{r.id.hex}.{r.revision}.{e.revision}" for r, e in shown.values()]
    etag = hashlib.sha256("|".join(state).encode()).hexdigest()[:32]
    return Shown(feed, etag, person.language, list(shown.values()))


async def shown_to(db: AsyncSession, person_id: UUID) -> Shown:
    """The same for the person themself, without a subscription."""
    found = await db.exec(
        select(Registration, Event)
        .join(Event, col(Event.id) == Registration.event_id)
        .where(Registration.person_id == person_id)
        .order_by(col(Registration.id))
    )
    person = await db.get_one(Person, person_id)
    shown = {event.id: (registration, event) for registration, event in found}
    return Shown(Feed(person_id=person_id, token_hash=""), "", person.language, list(shown.values()))


async def render(db: AsyncSession, shown: Shown, settings: Settings) -> bytes:
    """The feed's bytes: sessions where an event has any, whole days where not."""
    entries = await entries_of(db, shown, settings)
    say = words(shown.language)
    return feed_calendar(
        entries, name=say.say("My events"), about=say.say("Events that I am registered for"),
        zone=shown.registrations[0][1].zone if shown.registrations else "UTC", address="",
        alarm_minutes=shown.feed.alarm_minutes,
    )  # fmt: skip


async def render_jscalendar(db: AsyncSession, shown: Shown, settings: Settings) -> dict[str, Any]:
    """The feed as JSCalendar; of a revoked one only that it is over."""
    say = words(shown.language)
    uid = f"{shown.feed.person_id}@{settings.uid_domain}"
    if shown.feed.revoked_at:
        return jscalendar([], uid=uid, name=say.say("No longer available"), about="")
    entries = await entries_of(db, shown, settings)
    return jscalendar(
        entries, uid=uid, name=say.say("My events"), about=say.say("Events that I am registered for")
    )


async def entries_of(db: AsyncSession, shown: Shown, settings: Settings) -> list[Entry]:
    """What a person's calendar holds."""
    events = [] if shown.feed.as_days else [event.id for _, event in shown.registrations]
    found = await db.exec(
        select(Session).where(col(Session.event_id).in_(events)).order_by(col(Session.starts_at))
    )
    sessions: dict[UUID, list[Session]] = {}
    for session in found:
        sessions.setdefault(session.event_id, []).append(session)
    chosen = await chosen_by(db, [registration.id for registration, _ in shown.registrations])
    return [
        entry
        for registration, event in shown.registrations
        for entry in _entries(
            registration, event, sessions.get(event.id, []), chosen, settings.uid_domain, shown.language
        )
    ]


def over(language: str) -> bytes:
    """The last thing a revoked feed says, so that clients stop and people understand."""
    name = words(language).say("No longer available")
    return feed_calendar([], name=name, about=name, zone="UTC", address="")


def _entries(
    registration: Registration, event: Event, sessions: Sequence[Session], chosen: Mapping[tuple[UUID, UUID], bool],
    domain: str, language: str,
) -> list[Entry]:  # fmt: skip
    """Sessions with places of their own show if they were chosen; one that was left shows as cancelled."""
    # Falling silent is not cancelling: some clients keep what vanishes.
    if not sessions:
        return [_theirs(event_entry(event, domain, language), registration)]
    return [
        _theirs(
            session_entry(s, event, domain, language), registration,
            is_left=s.places is not None and not chosen[registration.id, s.id],
        )
        for s in sessions
        if s.places is None or (registration.id, s.id) in chosen
    ]  # fmt: skip


def _theirs(entry: Entry, registration: Registration, *, is_left: bool = False) -> Entry:
    """The entry as it stands for the one who registered."""
    status = entry.status
    if is_left or registration.standing is Standing.withdrawn:
        status = "CANCELLED"
    elif status != "CANCELLED" and registration.standing is not Standing.confirmed:
        status = "TENTATIVE"
    return replace(
        entry, status=status, sequence=entry.sequence + registration.revision,
        changed_at=max(entry.changed_at, registration.changed_at),
    )  # fmt: skip


def event_entry(event: Event, domain: str, language: str) -> Entry:
    """An event as whole days."""
    return Entry(
        uid=f"{event.id}@{domain}", title=event.title_in(language), starts=event.first_day, ends=event.last_day,
        zone=event.zone, place=event.venue, text=event.description_in(language), sequence=event.sequence,
        status=_status(event), created_at=event.created_at, changed_at=event.changed_at,
    )  # fmt: skip


def session_entry(session: Session, event: Event, domain: str, language: str) -> Entry:
    """A session in its hours; a removed one says that it is off."""
    return Entry(
        uid=f"{session.id}@{domain}", title=session.title_in(language), starts=session.starts_at, ends=session.ends_at,
        zone=event.zone, place=", ".join(filter(None, [session.room, event.venue])), text=event.title_in(language),
        sequence=session.sequence + event.sequence, status="CANCELLED" if session.removed_at else _status(event),
        created_at=session.created_at, changed_at=max(session.changed_at, event.changed_at),
    )  # fmt: skip


def _status(event: Event) -> str:
    return {EventState.cancelled: "CANCELLED", EventState.postponed: "TENTATIVE"}.get(
        event.state, "CONFIRMED"
    )
