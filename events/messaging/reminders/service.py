"""The timeline of what goes by itself, and doing what is due."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from events.attendance.records.models import Attendance
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import UNANSWERED
from events.invitations.invitations.service import BATCH, is_unreleased, load_mail_contexts
from events.invitations.registrations.models import Registration, is_active_of, lacks_data
from events.invitations.registrations.rules import RegistrationStatus
from events.messaging.reminders import rules
from events.messaging.reminders.mails import scheduled_message, told_of
from events.messaging.reminders.models import Scheduled
from events.messaging.reminders.rules import GRACE, Anchor, ReminderPurpose, moment_of, usual_for
from events.messaging.reminders.schemas import ScheduledIn, ScheduledOut
from events.programme.events.models import Event
from events.programme.events.rules import CLOSED, EventState, must_take_place
from events.programme.events.service import get_event, lock_event, lock_event_for
from notifications.outbox.service import enqueue

_SILENT = (*CLOSED, EventState.postponed, EventState.draft)


# First and last day away of each event that has a journey. A package above fills it in.
Journey = tuple[date, date]
JOURNEYS: list[Callable[[AsyncSession, Collection[UUID]], Awaitable[dict[UUID, Journey]]]] = []


async def journeys_of(db: AsyncSession, event_ids: Collection[UUID]) -> dict[UUID, Journey]:
    found: dict[UUID, Journey] = {}
    for source in JOURNEYS:
        found.update(await source(db, event_ids))
    return found


def moment(entry: Scheduled, event: Event, journey: Journey | None) -> datetime | None:
    """When it goes as the event and its journey stand now."""
    leaves, returns = journey or (None, None)
    anchor = {
        Anchor.answer_by: event.answer_by,
        Anchor.first_day: event.first_day,
        Anchor.last_day: event.last_day,
        Anchor.departure: leaves,
        Anchor.homecoming: returns,
    }[entry.anchor]
    return moment_of(anchor, entry.days, time.fromisoformat(entry.clock), event.zone)


async def timeline(db: AsyncSession, event: Event) -> list[ScheduledOut]:
    """Everything that will go by itself, in order of time, with how many would get it now."""
    found = (await db.exec(select(Scheduled).where(Scheduled.event_id == event.id))).all()
    readers = await _count_readers(db, event)
    journey = (await journeys_of(db, [event.id])).get(event.id)
    entries = [
        ScheduledOut(
            **entry.model_dump(include={"id", "purpose", "anchor", "days", "clock", "is_on", "sent"}),
            moment=moment(entry, event, journey),
            is_done=entry.done_for is not None and entry.done_for == moment(entry, event, journey),
            readers=readers[entry.purpose],
        )
        for entry in found
    ]
    far = max((e.moment for e in entries if e.moment), default=event.created_at)
    return sorted(entries, key=lambda e: (e.moment or far, e.days))


async def _count_readers(db: AsyncSession, event: Event) -> dict[ReminderPurpose, int]:
    columns = [sa.func.count().filter(_concerned(purpose)) for purpose in ReminderPurpose]
    row = (await db.exec(sa.select(*columns).select_from(_people(event)))).one()  # type: ignore[call-overload]
    return dict(zip(ReminderPurpose, row, strict=True))


def _people(event: Event) -> sa.Join:
    return sa.join(
        Invitation,
        Person,
        sa.and_(
            col(Person.id) == Invitation.person_id,
            col(Person.address).is_not(None),
            col(Invitation.event_id) == event.id,
        ),
    ).outerjoin(
        Registration,
        is_active_of(Invitation.id),
    )


def _concerned(purpose: ReminderPurpose) -> sa.ColumnElement[bool]:
    has_place = col(Registration.status) == RegistrationStatus.confirmed
    if purpose is ReminderPurpose.unanswered:
        return sa.and_(col(Invitation.status).in_(UNANSWERED), ~is_unreleased())
    if purpose is ReminderPurpose.missing:
        return sa.and_(has_place, lacks_data())
    if purpose is ReminderPurpose.before:
        return has_place
    return sa.and_(has_place, sa.exists().where(col(Attendance.registration_id) == Registration.id))


async def schedule(db: AsyncSession, event_id: UUID, given: ScheduledIn, caller: Caller, *, at: datetime) -> Scheduled:
    """One more mail by itself. Raises ScheduledAlready."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    if await _same(db, event_id, given.purpose, given.anchor, given.days):
        raise rules.ScheduledAlready()
    entry = Scheduled(event_id=event_id, **given.model_dump())
    db.add(entry)
    _note(db, event, caller, at=at)
    await db.flush()
    return entry


async def schedule_usual(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> int:
    """What is usually sent for an event of this kind; what is there already stays. Returns how many were added."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    added = 0
    for purpose, anchor, days in usual_for(event.kind):
        if not await _same(db, event_id, purpose, anchor, days):
            db.add(Scheduled(event_id=event_id, purpose=purpose, anchor=anchor, days=days))
            added += 1
    if added:
        _note(db, event, caller, at=at)
    await db.flush()
    return added


async def _same(db: AsyncSession, event_id: UUID, purpose: ReminderPurpose, anchor: Anchor, days: int) -> bool:
    found = await db.exec(
        select(Scheduled.id).where(
            Scheduled.event_id == event_id,
            Scheduled.purpose == purpose,
            Scheduled.anchor == anchor,
            Scheduled.days == days,
        )
    )
    return found.first() is not None


def _note(db: AsyncSession, event: Event, caller: Caller, *, at: datetime) -> None:
    audit.record(db, "schedule.changed", event.id, at=at, project_id=event.project_id, **caller.signature)


async def turn(db: AsyncSession, entry_id: UUID, is_on: bool, caller: Caller, *, at: datetime) -> Scheduled:
    """Switch an entry on or off. Raises NotFound."""
    entry = await db.get(Scheduled, entry_id)
    if entry is None:
        raise NotFound()
    event = await get_event(db, entry.event_id, caller)
    entry.is_on = is_on
    _note(db, event, caller, at=at)
    await db.flush()
    return entry


async def remove(db: AsyncSession, entry_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take an entry off the timeline; what went stays gone. Returns the event."""
    entry = await db.get(Scheduled, entry_id)
    if entry is None:
        raise NotFound()
    event = await get_event(db, entry.event_id, caller)
    await db.delete(entry)
    _note(db, event, caller, at=at)
    await db.flush()
    return event.id


async def find_due(db: AsyncSession, *, at: datetime) -> list[UUID]:
    """Entries whose moment has come; two queries over what is switched on at events that are."""
    found = await db.exec(
        select(Scheduled, Event)
        .join(Event, col(Event.id) == Scheduled.event_id)
        .where(
            col(Scheduled.is_on),
            col(Event.state).not_in(_SILENT),
            col(Event.last_day) >= (at - rules.LONGEST_AFTER).date(),
        )
    )
    rows = found.all()
    journeys = await journeys_of(db, {event.id for _, event in rows})
    due = []
    for entry, event in rows:
        when = moment(entry, event, journeys.get(event.id))
        if when is not None and when <= at and entry.done_for != when:
            due.append(entry.id)
    return due


async def send_due(db: AsyncSession, entry_id: UUID, settings: Settings, *, at: datetime) -> bool:
    """The next fifty of one entry. Each person gets it once for each date that the event has had, however often this
    runs. Returns whether it goes on."""
    entry = await db.get(Scheduled, entry_id)
    if entry is None:
        return False
    event = await lock_event(db, entry.event_id)
    await db.refresh(entry)
    when = moment(entry, event, (await journeys_of(db, [event.id])).get(event.id))
    if not entry.is_on or event.state in _SILENT or when is None or when > at or entry.done_for == when:
        return False
    ids = await _not_told(db, event, entry, when) if at - when < GRACE else []
    if ids:
        asked = await load_mail_contexts(db, event, settings, col(Invitation.id).in_(ids), at=at)
        await enqueue(db, [scheduled_message(one, entry.purpose.value, str(entry.id), when, at=at) for one in asked])
        entry.sent += len(asked)
    if len(ids) < BATCH:
        entry.done_for = when
    await db.flush()
    return len(ids) == BATCH


async def _not_told(db: AsyncSession, event: Event, entry: Scheduled, when: datetime) -> Sequence[UUID]:
    told = told_of(str(entry.id), when, event.id)
    found = await db.exec(
        sa.select(col(Invitation.id))
        .select_from(_people(event))
        .where(_concerned(entry.purpose), col(Invitation.person_id).not_in(told))
        .order_by(col(Invitation.id))
        .limit(BATCH)
    )  # type: ignore[call-overload]
    return [row[0] for row in found]


async def copy_timeline(db: AsyncSession, event_id: UUID, copy_id: UUID) -> None:
    """The same mails by themselves for a copy of the event; none of them has gone yet."""
    found = await db.exec(select(Scheduled).where(Scheduled.event_id == event_id))
    db.add_all(
        Scheduled(event_id=copy_id, **entry.model_dump(include={"purpose", "anchor", "days", "clock", "is_on"}))
        for entry in found.all()
    )
    await db.flush()
