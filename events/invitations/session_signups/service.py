"""Choosing a session, giving it back, and knowing what is free. The event's lock decides who is first."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from events.invitations.phases.rules import Act, must_be_time_for
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import lock_context
from events.invitations.session_signups import rules
from events.invitations.session_signups.models import SessionSignup
from events.programme.events.models import Session
from events.programme.events.rules import must_take_place


async def choose(db: AsyncSession, invitation_id: UUID, session_id: UUID, *, at: datetime) -> ResponseContext:
    """Take a place in a session; choosing twice is choosing once.

    Raises NotFound, NothingToChoose, PlaceNeeded, SessionFull, SessionHasBegun, EventIsOver, EventIsOff.
    """
    context, session, mine = await _read(db, invitation_id, session_id)
    if session.capacity is None:
        raise rules.NothingToChoose()
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise rules.PlaceNeeded()
    if mine and mine.left_at is None:
        return context
    must_be_time_for(Act.choose_session, context.event, at=at)
    if session.starts_at <= at:
        raise rules.SessionHasBegun(session=session.title)
    if (await taken_seats(db, [session_id])).get(session_id, 0) >= session.capacity:
        raise rules.SessionFull(session=session.title)
    mine = mine or SessionSignup(session_id=session_id, registration_id=registration.id, taken_at=at)
    mine.left_at = None
    db.add(mine)
    await _note(db, context, registration, session, "session.chosen", at=at)
    return context


async def give_back(db: AsyncSession, invitation_id: UUID, session_id: UUID, *, at: datetime) -> ResponseContext:
    """Leave a session; leaving what was not chosen changes nothing. Raises NotFound, EventIsOver,
    EventIsOff."""
    context, session, mine = await _read(db, invitation_id, session_id)
    if context.registration and mine and mine.left_at is None:
        must_be_time_for(Act.leave_session, context.event, at=at)
        mine.left_at = at
        await _note(db, context, context.registration, session, "session.left", at=at)
    return context


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
    db: AsyncSession, context: ResponseContext, registration: Registration, session: Session, act: str, *, at: datetime
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
        by=audit.Actor.person(context.person.id),
        session=session.id,
    )
    await db.flush()


async def taken_seats(db: AsyncSession, sessions: Collection[UUID]) -> dict[UUID, int]:
    """How many places of each session are taken, by people who have one at the event."""
    found = await db.exec(
        select(SessionSignup.session_id, sa.func.count())
        .join(Registration, col(Registration.id) == SessionSignup.registration_id)
        .where(
            col(SessionSignup.session_id).in_(sessions),
            col(SessionSignup.left_at).is_(None),
            Registration.status == RegistrationStatus.confirmed,
        )
        .group_by(col(SessionSignup.session_id))
    )
    return dict(found.all())


async def sessions_left_out(db: AsyncSession, event_id: UUID, registration_id: UUID) -> set[UUID]:
    """Sessions that have places of their own and that this one did not choose."""
    mine = select(SessionSignup.session_id).where(
        SessionSignup.registration_id == registration_id, col(SessionSignup.left_at).is_(None)
    )
    found = await db.exec(
        select(Session.id).where(
            Session.event_id == event_id, col(Session.capacity).is_not(None), col(Session.id).not_in(mine)
        )
    )
    return set(found.all())


async def chosen_by(db: AsyncSession, registrations: Collection[UUID]) -> dict[tuple[UUID, UUID], bool]:
    """For each registration and session that was ever chosen, whether it still is."""
    found = await db.exec(select(SessionSignup).where(col(SessionSignup.registration_id).in_(registrations)))
    return {(one.registration_id, one.session_id): one.left_at is None for one in found}
