"""Moving an event on, planning copies of it, postponing it as one step, calling it off and taking that back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound
from core.ids import new_id
from core.web import must_match
from directory.accounts.access import Caller
from events.programme.agenda.models import SessionPerson, VenueRoom
from events.programme.agenda.service import list_rooms
from events.programme.events import rules as programme
from events.programme.events.models import Event, Session
from events.programme.events.rules import EventState
from events.programme.events.service import (
    find_same,
    get_event,
    list_sessions,
    lock_event_for,
    note_change,
    search_key,
)
from events.programme.lifecycle import rules
from events.programme.lifecycle.rules import Shift
from events.programme.lifecycle.schemas import Concern, CopyIn, PostponementIn, ReasonTold
from notifications.batches.models import MessageBatch
from notifications.outbox.rules import STATE_NAMES, State
from notifications.outbox.service import count_by_state

_OWN = {
    "id",
    "code",
    "taken",
    "is_overbooked",
    "sequence",
    "revision",
    "created_at",
    "changed_at",
    "state",
    "cancelled_from",
    "series_id",
    "search",
}


@dataclass(frozen=True)
class Follower:
    """Something above that a postponement touches. `count` says how many of what, `move` moves them along."""

    count: Callable[[AsyncSession, UUID], Awaitable[Sequence[tuple[str, int]]]]
    move: Callable[[AsyncSession, UUID, Shift], Awaitable[None]] | None = None


FOLLOWERS: list[Follower] = []
# Slices above ask everybody anew whether the new day suits.
ASK_AGAIN: list[Callable[..., Awaitable[None]]] = []
# Slices above say here what of an event its copies have too: they are given both ids.
COPIED: list[Callable[[AsyncSession, UUID, UUID], Awaitable[None]]] = []


async def change_state(
    db: AsyncSession,
    event_id: UUID,
    state: EventState,
    caller: Caller,
    *,
    at: datetime,
    expected: int | None = None,
) -> Event:
    """The event becomes what the organiser decided. Raises NotThatStep for an edge that is not drawn."""
    event = await lock_event_for(db, event_id, caller)
    if event.state is state:
        return event
    must_match(event.revision, expected)
    programme.must_lead_to(event.state, state)
    before, event.state = event.state, state
    audit.record(
        db,
        "event.moved-on",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        before=before,
        after=state,
    )
    await note_change(db, event, caller, at=at, moved=False)
    return event


async def copy_event(
    db: AsyncSession,
    event_id: UUID,
    copies: Sequence[CopyIn],
    caller: Caller,
    *,
    at: datetime,
    key: UUID | None = None,
) -> list[Event]:
    """Plan copies with their agenda, who speaks, what is asked and what goes by itself, moved to their first days.
    People are not invited.

    Several copies form a series with the original. The same key gives the copies that it made. Raises EventIsThere
    where title and days are those of an event that is there or of a copy before, NotFound for a key of another
    project.
    """
    event = await lock_event_for(db, event_id, caller)
    ids = [key, *(uuid5(key, str(number)) for number in range(1, len(copies)))] if key else []
    if there := await _made_by(db, event, ids):
        return there
    sessions = await list_sessions(db, event.id)
    speakers = await db.exec(select(SessionPerson).where(col(SessionPerson.session_id).in_([s.id for s in sessions])))
    by_session: dict[UUID, list[SessionPerson]] = {}
    for one in speakers:
        by_session.setdefault(one.session_id, []).append(one)
    series = event.series_id or (new_id() if len(copies) > 1 else None)
    event.series_id = series
    made = [_copy(db, event, given, series, at=at) for given in copies]
    for copy, id in zip(made, ids, strict=False):
        copy.id = id
    await _must_be_new(db, made)
    db.add_all(made)
    await db.flush()
    for copy in made:
        await _copy_agenda(db, event, copy, sessions, by_session, at=at)
        for copy_more in COPIED:
            await copy_more(db, event.id, copy.id)
        audit.record(
            db, "event.copied", copy.id, at=at, project_id=copy.project_id, **caller.signature, original=event.id
        )
    await db.flush()
    return made


async def _made_by(db: AsyncSession, event: Event, ids: Sequence[UUID]) -> list[Event]:
    """The copies that one key has made, in the order in which they were asked for."""
    found = await db.exec(select(Event).where(col(Event.id).in_(ids)))
    by_id = {copy.id: copy for copy in found}
    if any(copy.project_id != event.project_id for copy in by_id.values()):
        raise NotFound()
    return [by_id[id] for id in ids if id in by_id]


def _copy(db: AsyncSession, event: Event, given: CopyIn, series: UUID | None, *, at: datetime) -> Event:
    shift = Shift.between(event.first_day, given.first_day, event.zone)
    values: dict[str, Any] = event.model_dump(exclude=_OWN)
    for name in ("first_day", "last_day", "opens_on", "answer_by", "names_freeze_on"):
        values[name] = shift.day(values[name])
    if given.title:
        # Another title is no longer what the translations say.
        values |= {"title": given.title, "title_en": "", "title_tr": ""}
    if given.venue is not None:
        values |= {"venue": given.venue, "map_url": ""}
    copy = Event(**values, series_id=series, search="", created_at=at, changed_at=at)
    copy.search = search_key(copy)
    return copy


async def _must_be_new(db: AsyncSession, made: Sequence[Event]) -> None:
    keys = [(copy.title, copy.first_day, copy.last_day) for copy in made]
    found = await db.exec(
        select(Event).where(
            Event.project_id == made[0].project_id,
            col(Event.title).in_([title for title, _, _ in keys]),
            col(Event.state).not_in(programme.CLOSED),
        )
    )
    there = {(event.title, event.first_day, event.last_day) for event in found}
    for number, key in enumerate(keys):
        if key in there:
            raise programme.EventIsThere(f"copies.{number}.first_day")
        there.add(key)


async def _copy_agenda(
    db: AsyncSession,
    event: Event,
    copy: Event,
    sessions: Sequence[Session],
    speakers: dict[UUID, list[SessionPerson]],
    *,
    at: datetime,
) -> None:
    shift = Shift.between(event.first_day, copy.first_day, event.zone)
    twins = {}
    for session in sessions:
        own = {"id", "event_id", "pasted_id", "sequence", "revision", "created_at", "changed_at"}
        values = session.model_dump(exclude=own)
        values |= {"starts_at": shift.moment(session.starts_at), "ends_at": shift.moment(session.ends_at)}
        twins[session.id] = Session(**values, event_id=copy.id, created_at=at, changed_at=at)
    db.add_all(twins.values())
    if copy.venue == event.venue:
        rooms = await list_rooms(db, event.id)
        db.add_all(VenueRoom(**one.model_dump(exclude={"id", "event_id"}), event_id=copy.id) for one in rooms)
    await db.flush()
    db.add_all(
        SessionPerson(session_id=twin.id, person_id=one.person_id, role=one.role, languages=one.languages)
        for id, twin in twins.items()
        for one in speakers.get(id, [])
    )


async def concerns_of(db: AsyncSession, event_id: UUID, caller: Caller) -> list[Concern]:
    """Everyone and everything that a postponement touches, those who wait and those not asked yet too."""
    await get_event(db, event_id, caller)
    messages = await count_by_state(db, event_id)
    sessions = (
        await db.exec(
            select(func.count())
            .select_from(Session)
            .where(Session.event_id == event_id, col(Session.removed_at).is_(None))
        )
    ).one()
    found = [one for follower in FOLLOWERS for one in await follower.count(db, event_id)]
    found += [
        (N_("Sessions that move along"), sessions),
        (N_("Mails that wait as drafts"), messages.get(State.draft, 0)),
        (STATE_NAMES[State.queued], messages.get(State.queued, 0)),
    ]
    return [Concern(what=what, count=count) for what, count in found if count]


async def postpone(db: AsyncSession, event_id: UUID, given: PostponementIn, caller: Caller, *, at: datetime) -> Event:
    """Move the event with everything that hangs on it, and write to everybody concerned: mails that wait.

    Without a new day it is postponed until there is one. Local times stay across clock changes.
    Raises SameDays, EventIsOff, EventIsArchived.
    """
    first_day = given.first_day
    event = await lock_event_for(db, event_id, caller)
    programme.must_take_place(event.state)
    was_postponed = event.state is EventState.postponed
    if first_day is None:
        if was_postponed:
            return event
        event.state = EventState.postponed
    else:
        if first_day == event.first_day and not was_postponed:
            raise rules.SameDays("first_day")
        await _shift(db, event, first_day, at=at)
        if was_postponed:
            event.state = EventState.published
    audit.record(
        db,
        "event.postponed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=given.reason,
        until=first_day.isoformat() if first_day else "",
    )
    if given.asks_again and first_day is not None:
        for ask_again in ASK_AGAIN:
            await ask_again(db, event, caller, at=at)
    batch = await note_change(db, event, caller, at=at, moved=True, tell=N_("The event is postponed."))
    await _say_why(db, batch, given)
    return event


async def _say_why(db: AsyncSession, batch: MessageBatch | None, given: ReasonTold) -> None:
    """What participants are told of the reason stands in each of the mails that wait."""
    if batch is not None:
        batch.added_en, batch.added_tr = given.told_en or batch.added_en, given.told_tr or batch.added_tr
        await db.flush()


async def _shift(db: AsyncSession, event: Event, first_day: date, *, at: datetime) -> None:
    shift = Shift.between(event.first_day, first_day, event.zone)
    event.last_day = shift.day(event.last_day) or event.last_day
    event.first_day = first_day
    for name in ("answer_by", "opens_on", "names_freeze_on"):
        setattr(event, name, shift.day(getattr(event, name)))
    for session in await list_sessions(db, event.id):
        session.starts_at, session.ends_at = shift.moment(session.starts_at), shift.moment(session.ends_at)
        session.sequence += 1
        session.changed_at = at
    for follower in FOLLOWERS:
        if follower.move:
            await follower.move(db, event.id, shift)
    await db.flush()


async def cancel(db: AsyncSession, event_id: UUID, given: ReasonTold, caller: Caller, *, at: datetime) -> Event:
    """Call the event off and write to everybody who was asked: mails that wait. Calling off twice changes nothing.

    Raises EventIsArchived.
    """
    event = await lock_event_for(db, event_id, caller)
    if event.state is EventState.cancelled:
        return event
    programme.must_take_place(event.state)
    event.cancelled_from, event.state = event.state, EventState.cancelled
    audit.record(
        db, "event.cancelled", event.id, at=at, project_id=event.project_id, **caller.signature, reason=given.reason
    )
    batch = await note_change(db, event, caller, at=at, moved=True, tell=N_("The event is cancelled."))
    await _say_why(db, batch, given)
    return event


async def reinstate(db: AsyncSession, event_id: UUID, reason: str, caller: Caller, *, at: datetime) -> Event:
    """A cancelled event takes place after all, as far as it was before; who was told that it is off is told so.

    An event that is not cancelled stays as it is. Raises TakenMeanwhile.
    """
    event = await lock_event_for(db, event_id, caller)
    if event.state is not EventState.cancelled:
        return event
    if await find_same(db, event):
        raise rules.TakenMeanwhile()
    # Events cancelled before this was kept had been published, or nobody had known of them.
    event.state, event.cancelled_from = event.cancelled_from or EventState.published, None
    audit.record(
        db, "event.reinstated", event.id, at=at, project_id=event.project_id, **caller.signature, reason=reason
    )
    await note_change(db, event, caller, at=at, moved=True, tell=N_("The event takes place after all."))
    return event
