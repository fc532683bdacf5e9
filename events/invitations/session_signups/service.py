"""Choosing a session, giving it back, and knowing what is free. The event's lock decides who is first."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.settings import Settings
from core.zones import local
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations.models import Invitation
from events.invitations.offers.rules import EXPIRE_OFFERS, HOME, OfferIsOver, offered_until
from events.invitations.offers.service import countries_of
from events.invitations.phases.rules import Act, Phase, may_promote, must_be_time_for, phases_of
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import lock_context, mail_context_of
from events.invitations.session_signups import rules
from events.invitations.session_signups.clashes import has_seat, must_be_free, seats_of, session_clashes
from events.invitations.session_signups.mails import session_message
from events.invitations.session_signups.models import SessionSignup
from events.invitations.session_signups.rules import SessionNews, SignupState
from events.programme.events.models import Event, Session
from events.programme.events.rules import COMING, must_take_place
from notifications.jobs.service import enqueue_job
from notifications.outbox.service import enqueue


async def choose(db: AsyncSession, invitation_id: UUID, session_id: UUID, *, at: datetime) -> ResponseContext:
    """Take a place in a session, or a spot on its waiting list when it is full; choosing twice is choosing once.

    A place that is kept for them is taken by that. Raises NotFound, NothingToChoose, PlaceNeeded, SessionHasBegun,
    SessionClash, OfferIsOver, EventIsOver, EventIsOff.
    """
    context, session, mine = await _read(db, invitation_id, session_id)
    if session.capacity is None:
        raise rules.NothingToChoose()
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise rules.PlaceNeeded()
    if mine and mine.left_at is None and mine.offered_until:
        return await _take_offer(db, context, registration, session, mine, at=at)
    if mine and mine.left_at is None:
        return context
    must_be_time_for(Act.choose_session, context.event, at=at)
    if session.starts_at <= at:
        raise rules.SessionHasBegun(session=session.title_in(context.person.language))
    await must_be_free(db, context, registration, session)
    mine = mine or SessionSignup(session_id=session_id, registration_id=registration.id, taken_at=at)
    is_full = (await taken_seats(db, [session_id])).get(session_id, 0) >= session.capacity
    waits = is_full or await _others_come_first(db, session)
    mine.left_at, mine.waiting_since = None, at if waits else None
    db.add(mine)
    await _note(db, context, registration, session, "session.waiting" if waits else "session.chosen", at=at)
    return context


async def _others_come_first(db: AsyncSession, session: Session) -> bool:
    """Whether somebody waits who can have a place: one that is free and was not given on yet, as after the deadline,
    is theirs."""
    waiting = (await waiting_for(db, [session.id])).get(session.id, [])
    seats = await seats_of(db, waiting)
    return not all(session_clashes(session, seats[one]) for one in waiting)


async def _take_offer(
    db: AsyncSession,
    context: ResponseContext,
    registration: Registration,
    session: Session,
    mine: SessionSignup,
    *,
    at: datetime,
) -> ResponseContext:
    must_be_time_for(Act.take_offer, context.event, at=at)
    if mine.offered_until is None or mine.offered_until <= at:
        raise OfferIsOver(until=local(mine.offered_until or at, context.event.zone))
    if session.starts_at <= at:
        raise rules.SessionHasBegun(session=session.title_in(context.person.language))
    await must_be_free(db, context, registration, session)
    mine.taken_at, mine.waiting_since, mine.offered_until = at, None, None
    await _note(db, context, registration, session, "session.chosen", at=at)
    return context


async def give_back(
    db: AsyncSession, invitation_id: UUID, session_id: UUID, settings: Settings, *, at: datetime
) -> SignupState:
    """Leave a session, or its waiting list; the place goes to the first who waits. Leaving what was not chosen changes
    nothing. Returns what it was that was left. Raises NotFound, EventIsOver, EventIsOff."""
    context, session, mine = await _read(db, invitation_id, session_id)
    if not context.registration or not mine or mine.left_at is not None:
        return SignupState.taken
    must_be_time_for(Act.leave_session, context.event, at=at)
    left = rules.signup_state(mine.waiting_since, mine.offered_until)
    mine.left_at, mine.waiting_since, mine.offered_until = at, None, None
    await _note(db, context, context.registration, session, "session.left", at=at)
    await fill_sessions(db, context.event, settings, at=at)
    return left


async def fill_sessions(
    db: AsyncSession, event: Event, settings: Settings, *, at: datetime, caller: Caller | None = None
) -> int:
    """Give places of sessions that became free to those who wait for them, first come first served, or keep them for
    their answer where the event says so: as the event's own, as long as those are given by themselves, or a `caller`
    says so; never of a session that has begun. Returns to how many."""
    if event.state not in COMING or (caller is None and not may_promote(event, event.fills_late, at=at)):
        return 0
    rows = await _moving_up(db, event, at=at)
    if not rows:
        return 0
    project = await db.get_one(Project, event.project_id)
    is_kept = bool(event.offer_hours) and Phase.during not in phases_of(event, at=at)
    homes = await countries_of(db, {person.institution_id for *_, person in rows}) if is_kept else {}
    for signup, session, registration, invitation, person in rows:
        if is_kept:
            home = homes.get(person.institution_id, HOME)
            until = offered_until(event.offer_hours, event.zone, home, event.country, event.first_day, at=at)
            signup.offered_until = until
            await enqueue_job(db, EXPIRE_OFFERS, project_id=project.id, about_id=event.id, at=until)
        else:
            signup.waiting_since, signup.taken_at = None, at
        context = ResponseContext(invitation, event, person, project, registration)
        act, news = ("session.offered", SessionNews.offered) if is_kept else ("session.promoted", SessionNews.given)
        await _note(db, context, registration, session, act, at=at, caller=caller)
        await _tell(db, context, session, signup, news, settings, at=at)
    await db.flush()
    return len(rows)


async def count_filling(db: AsyncSession, event: Event, *, at: datetime, caller: Caller | None = None) -> int:
    """To how many `fill_sessions` would give a place now."""
    if event.state not in COMING or (caller is None and not may_promote(event, event.fills_late, at=at)):
        return 0
    return len(await _moving_up(db, event, at=at))


async def _moving_up(db: AsyncSession, event: Event, *, at: datetime) -> list[Any]:
    """Who waits for a session that has a place for them, in the order of coming; not who sits in another one then."""
    rows = await _waiting(db, event, at=at)
    taken = await taken_seats(db, {session.id for _, session, *_ in rows})
    seats = await seats_of(db, {registration.id for _, _, registration, *_ in rows})
    found = []
    for row in rows:
        session, theirs = row[1], seats[row[2].id]
        is_free = session.capacity is not None and taken.get(session.id, 0) < session.capacity
        if is_free and not session_clashes(session, theirs):
            taken[session.id] = taken.get(session.id, 0) + 1
            theirs.append(session)
            found.append(row)
    return found


async def expire_session_offers(db: AsyncSession, event: Event, settings: Settings, *, at: datetime) -> int:
    """Take back places in sessions that were kept for somebody who did not answer in time. Returns how many; whoever
    calls holds the event's lock, and lets the next move up."""
    found = await db.exec(
        _signups(event).where(col(SessionSignup.left_at).is_(None), col(SessionSignup.offered_until) <= at)
    )
    rows = list(found.all())
    project = await db.get_one(Project, event.project_id)
    for signup, session, registration, invitation, person in rows:
        context = ResponseContext(invitation, event, person, project, registration)
        if registration.status is RegistrationStatus.confirmed:
            await _tell(db, context, session, signup, SessionNews.expired, settings, at=at)
        signup.left_at, signup.waiting_since, signup.offered_until = at, None, None
        await _note(db, context, registration, session, "session.offer-expired", at=at, by_itself=True)
    await db.flush()
    return len(rows)


async def _tell(
    db: AsyncSession,
    context: ResponseContext,
    session: Session,
    signup: SessionSignup,
    news: SessionNews,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    if context.person.address:
        mail = await mail_context_of(db, context, settings, at=at)
        until = signup.offered_until
        await enqueue(db, [session_message(mail, session, signup.id, news, until=until, at=at)])


async def _waiting(db: AsyncSession, event: Event, *, at: datetime) -> list[Any]:
    """Who waits for sessions of an event that have not begun, in order of coming, with a place at the event."""
    wanted = (
        _signups(event)
        .where(col(Session.removed_at).is_(None), col(Session.starts_at) > at, _is_waiting())
        .order_by(col(SessionSignup.waiting_since), col(SessionSignup.id))
    )
    return list((await db.exec(wanted)).all())


def _signups(event: Event) -> Any:
    """Places in sessions of an event, and spots on their lists, each with whose it is."""
    return (
        sa.select(SessionSignup, Session, Registration, Invitation, Person)
        .join(Session, col(Session.id) == SessionSignup.session_id)
        .join(Registration, col(Registration.id) == SessionSignup.registration_id)
        .join(Invitation, col(Invitation.id) == Registration.invitation_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(col(Session.event_id) == event.id)
    )


def _is_waiting() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(SessionSignup.left_at).is_(None),
        col(SessionSignup.waiting_since).is_not(None),
        col(SessionSignup.offered_until).is_(None),
        col(Registration.status) == RegistrationStatus.confirmed,
    )


async def waiting_for(db: AsyncSession, sessions: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The registrations that wait for each session, in order."""
    if not sessions:
        return {}
    found = await db.exec(
        select(SessionSignup.session_id, SessionSignup.registration_id)
        .join(Registration, col(Registration.id) == SessionSignup.registration_id)
        .where(col(SessionSignup.session_id).in_(sessions), _is_waiting())
        .order_by(col(SessionSignup.waiting_since), col(SessionSignup.id))
    )
    waiting: dict[UUID, list[UUID]] = {}
    for session_id, registration_id in found:
        waiting.setdefault(session_id, []).append(registration_id)
    return waiting


async def _read(
    db: AsyncSession, invitation_id: UUID, session_id: UUID
) -> tuple[ResponseContext, Session, SessionSignup | None]:
    context = await lock_context(db, invitation_id)
    must_take_place(context.event.state)
    session = await db.get(Session, session_id)
    if session is None or session.event_id != context.event.id or session.removed_at:
        raise NotFound()
    mine = None
    if context.registration:
        found = await db.exec(
            select(SessionSignup).where(
                SessionSignup.session_id == session_id, SessionSignup.registration_id == context.registration.id
            )
        )
        mine = found.first()
    return context, session, mine


async def _note(
    db: AsyncSession,
    context: ResponseContext,
    registration: Registration,
    session: Session,
    act: str,
    *,
    at: datetime,
    caller: Caller | None = None,
    by_itself: bool = False,
) -> None:
    # The feed of this person shows another programme now.
    registration.revision += 1
    registration.changed_at = at
    audit.record(
        db,
        act,
        context.person.id,
        at=at,
        project_id=context.project.id,
        by=audit.PROGRAM if by_itself else _actor(caller, context),
        session=session.id,
    )
    await db.flush()


def _actor(caller: Caller | None, context: ResponseContext) -> audit.Actor:
    return audit.Actor.account(caller.account_id) if caller else audit.Actor.person(context.person.id)


async def hand_over_sessions(db: AsyncSession, old_id: UUID, new_id: UUID, *, at: datetime) -> None:
    """Places in sessions, and spots on their waiting lists, go to another registration; the event is locked."""
    found = await db.exec(select(SessionSignup).where(col(SessionSignup.registration_id).in_([old_id, new_id])))
    rows = list(found.all())
    theirs = {one.session_id: one for one in rows if one.registration_id == new_id}
    for one in rows:
        if one.registration_id != old_id or one.left_at is not None:
            continue
        taken = theirs.get(one.session_id) or SessionSignup(session_id=one.session_id, registration_id=new_id)
        taken.taken_at, taken.left_at = at, None
        taken.waiting_since, taken.offered_until = one.waiting_since, one.offered_until
        one.left_at = at
        db.add(taken)
    await db.flush()


async def offers_to(db: AsyncSession, registration_id: UUID) -> dict[UUID, datetime]:
    """The sessions in which a place is kept for this one, and until when."""
    found = await db.exec(
        select(SessionSignup.session_id, SessionSignup.offered_until).where(
            SessionSignup.registration_id == registration_id,
            col(SessionSignup.left_at).is_(None),
            col(SessionSignup.offered_until).is_not(None),
        )
    )
    return {session_id: until for session_id, until in found if until}


async def taken_seats(db: AsyncSession, sessions: Collection[UUID]) -> dict[UUID, int]:
    """How many places of each session are taken, or kept for somebody's answer, by people who have one at the event."""
    if not sessions:
        return {}
    found = await db.exec(
        select(SessionSignup.session_id, sa.func.count())
        .join(Registration, col(Registration.id) == SessionSignup.registration_id)
        .where(
            col(SessionSignup.session_id).in_(sessions),
            col(SessionSignup.left_at).is_(None),
            has_seat(),
            Registration.status == RegistrationStatus.confirmed,
        )
        .group_by(col(SessionSignup.session_id))
    )
    return dict(found.all())


async def sessions_left_out(db: AsyncSession, event_id: UUID, registration_id: UUID) -> set[UUID]:
    """Sessions that have places of their own and that this one did not choose."""
    mine = select(SessionSignup.session_id).where(
        SessionSignup.registration_id == registration_id,
        col(SessionSignup.left_at).is_(None),
        col(SessionSignup.waiting_since).is_(None),
    )
    found = await db.exec(
        select(Session.id).where(
            Session.event_id == event_id, col(Session.capacity).is_not(None), col(Session.id).not_in(mine)
        )
    )
    return set(found.all())


async def chosen_by(db: AsyncSession, registrations: Collection[UUID]) -> dict[tuple[UUID, UUID], bool]:
    """For each registration and session that was ever chosen, whether it still is; who only waits has not chosen."""
    found = await db.exec(
        select(SessionSignup).where(
            col(SessionSignup.registration_id).in_(registrations), col(SessionSignup.waiting_since).is_(None)
        )
    )
    return {(one.registration_id, one.session_id): one.left_at is None for one in found}
