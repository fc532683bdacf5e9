"""Giving places: one function for every endpoint, and the list of those who wait for one.

Whoever calls holds the event's lock.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.capacity.rules import has_room, take
from events.invitations.capacity.service import Waiter, is_contended, list_waiting, load_capacity
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.offers.rules import EXPIRE_OFFERS, HOME, offered_until
from events.invitations.offers.service import countries_of
from events.invitations.phases.rules import Act, Phase, may_promote, must_be_time_for, phases_of
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import change_status, lock_context_for, record_status
from events.invitations.session_signups.service import count_filling, expire_session_offers, fill_sessions
from events.invitations.waiting_list import rules
from events.invitations.waiting_list.rules import Chance
from events.programme.events.models import Event
from events.programme.events.rules import COMING, PlacesToGive, must_take_answers
from events.programme.events.service import fill_after, lock_event, lock_event_for
from notifications.jobs.service import enqueue_job

ANSWER_TO = {
    RegistrationStatus.confirmed: InvitationStatus.accepted,
    RegistrationStatus.waiting: InvitationStatus.waiting,
}


async def promote(
    db: AsyncSession, event: Event, settings: Settings, *, at: datetime, caller: Caller | None = None
) -> int:
    """Give places that became free to those who wait, or keep them for their answer where the event says so. Returns
    to how many. What was changed before has to be flushed: what is free is counted in the database.

    By itself only while it is the time for it; a `caller` who says so gives places later too, at once where the event
    has begun."""
    # Whoever leaves the event leaves its sessions too.
    await fill_sessions(db, event, settings, at=at, caller=caller)
    moving = await _moving_up(db, event, event.capacity, at=at, caller=caller)
    if not moving:
        return 0
    project = await db.get_one(Project, event.project_id)
    has_begun = Phase.during in phases_of(event, at=at)
    homes = await countries_of(db, {person.institution_id for _, _, person, _ in moving}) if event.offer_hours else {}
    for registration, invitation, person, _ in moving:
        context = ResponseContext(invitation, event, person, project, registration)
        if event.offer_hours and not has_begun:
            change_status(registration, RegistrationStatus.offered, event, at=at)
            home = homes.get(person.institution_id, HOME)
            until = offered_until(event.offer_hours, event.zone, home, event.country, event.first_day, at=at)
            registration.offered_until = until
            await enqueue_job(db, EXPIRE_OFFERS, project_id=project.id, about_id=event.id, at=until)
            await record_status(db, context, InvitationStatus.offered, settings, at=at, until=until, by=caller)
        else:
            change_status(registration, RegistrationStatus.confirmed, event, at=at)
            await record_status(
                db, context, InvitationStatus.accepted, settings, at=at, act="person.promoted", by=caller
            )
    await db.flush()
    return len(moving)


async def _moving_up(
    db: AsyncSession, event: Event, places: int, *, at: datetime, caller: Caller | None
) -> list[Waiter]:
    """Who of those who wait has a place in an event of so many, in their order."""
    if event.taken >= places or event.state not in COMING or not await is_contended(db, event.id):
        return []
    if caller is None and not may_promote(event, event.fills_late, at=at):
        return []
    capacity = await load_capacity(db, event)
    capacity.limits[0].capacity = places
    found = []
    for waiter in await list_waiting(db, event, capacity):
        *_, who = waiter
        # Passed over, not waited for: a full quota, or three seats where one is free, holds up nobody behind.
        if has_room(capacity.limits, who):
            # The next one is judged by these limits, read before anybody moved.
            take(capacity.limits, who)
            found.append(waiter)
    return found


async def count_moving_up(
    db: AsyncSession, event: Event, *, at: datetime, caller: Caller | None = None, places: int | None = None
) -> int:
    """How many would get a place of the event or of a session if free places were given now, by themselves or by a
    `caller`; of an event with so many `places`, where that is said."""
    wanted = event.capacity if places is None else places
    moving = await _moving_up(db, event, wanted, at=at, caller=caller)
    return len(moving) + await count_filling(db, event, at=at, caller=caller)


async def fill_capacity(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Places were added: let those who wait move up."""
    return await promote(db, await lock_event(db, event_id), settings, at=at)


async def fill_by_hand(
    db: AsyncSession,
    event_id: UUID,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    agreed: int | None = None,
) -> int:
    """The organiser says that free places go to those who wait, also when nothing does so by itself any more. Returns
    how many moved up. Raises NotFound, EventIsOver, NoPlaceToGive, and PlacesToGive where the caller was told of
    `agreed` and there are others by now."""
    event = await lock_event_for(db, event_id, caller)
    must_take_answers(event.state)
    must_be_time_for(Act.leave, event, at=at)
    if agreed is not None:
        count = await count_moving_up(db, event, at=at, caller=caller)
        if count not in (0, agreed):
            raise PlacesToGive(count=count)
    moved = await fill_sessions(db, event, settings, at=at, caller=caller)
    moved += await promote(db, event, settings, at=at, caller=caller)
    if not moved:
        raise rules.NoPlaceToGive()
    return moved


async def expire_offers(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Take back offers that nobody answered in time, those of sessions too, and let the next move up. Returns how many
    were taken back. Each offer has a job of its own; one that comes twice, or after another has done its work, finds
    nothing."""
    event = await lock_event(db, event_id)
    found = await db.exec(
        select(Registration, Invitation, Person)
        .join(Invitation, col(Invitation.id) == Registration.invitation_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(
            Registration.event_id == event_id,
            Registration.status == RegistrationStatus.offered,
            col(Registration.offered_until) <= at,
        )
        .order_by(col(Registration.id))
    )
    over = found.all()
    project = await db.get_one(Project, event.project_id)
    for registration, invitation, person in over:
        change_status(registration, RegistrationStatus.withdrawn, event, at=at)
        context = ResponseContext(invitation, event, person, project, registration)
        await record_status(db, context, InvitationStatus.expired, settings, at=at)
    await db.flush()
    sessions = await expire_session_offers(db, event, settings, at=at)
    await promote(db, event, settings, at=at)
    return len(over) + sessions


async def set_priority(
    db: AsyncSession, invitation_id: UUID, is_first: bool, reason: str, caller: Caller, *, at: datetime
) -> ResponseContext:
    """Put somebody ahead on the waiting list, or back into the order of coming; the reason is kept in the audit.

    Raises NotWaiting.
    """
    context = await lock_context_for(db, invitation_id, caller)
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.waiting:
        raise rules.NotWaiting()
    registration.priority = int(is_first)
    audit.record(
        db,
        "waiting.priority",
        context.person.id,
        at=at,
        project_id=context.project.id,
        **caller.signature,
        reason=reason,
        event_id=context.event.id,
        is_first=is_first,
    )
    await fill_after(db, context.event, caller, at=at)
    return context


async def forecast(db: AsyncSession, event: Event) -> list[tuple[int, Registration, Person, Chance]]:
    """Who waits, in order, and what chance they have, judged by the project's events before."""
    waiting = await list_waiting(db, event, await load_capacity(db, event))
    found = await db.exec(
        select(
            sa.func.count().filter(col(Invitation.status) == InvitationStatus.cancelled),
            sa.func.count(),
        )
        .select_from(Invitation)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(
            Event.project_id == event.project_id,
            Event.id != event.id,
            # All who ever said yes to a place: those who kept it, and those who gave it back.
            col(Invitation.status).in_([InvitationStatus.accepted, InvitationStatus.cancelled]),
        )
    )
    cancelled, said_yes = found.one()
    return [
        (n, registration, person, rules.chance(n, event.taken, cancelled, said_yes))
        for n, (registration, _, person, _) in enumerate(waiting, 1)
    ]
