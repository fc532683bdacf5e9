"""Who sits in which session, and what is at the same time: nobody is in two places."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.zones import local
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.session_signups.models import SessionSignup
from events.invitations.session_signups.rules import SessionClash
from events.programme.events.models import Session


async def must_be_free(
    db: AsyncSession, context: ResponseContext, registration: Registration, session: Session
) -> None:
    """Raises SessionClash where they have chosen, or wait for, a session at the same time: a place that comes free
    there would be given to them by itself."""
    there = await chosen_at_the_time_of(db, session, [registration.id])
    for other in there.get(registration.id, []):
        language, zone = context.person.language, context.event.zone
        raise SessionClash(
            session=session.title_in(language),
            other=other.title_in(language),
            starts=f"{local(other.starts_at, zone):%H:%M}",
            ends=f"{local(other.ends_at, zone):%H:%M}",
        )


async def chosen_at_the_time_of(
    db: AsyncSession, session: Session, registrations: Collection[UUID]
) -> dict[UUID, list[Session]]:
    """What else these have chosen, or wait for, that overlaps with a session; sessions that only touch do not."""
    overlaps = Session.starts_at < session.ends_at, Session.ends_at > session.starts_at
    return await _chosen(db, registrations, Session.id != session.id, *overlaps)


async def _chosen(db: AsyncSession, registrations: Collection[UUID], *where: Any) -> dict[UUID, list[Session]]:
    """Which sessions with places of their own these have chosen, or wait for, as they begin; no query for nobody."""
    chosen: dict[UUID, list[Session]] = defaultdict(list)
    if registrations:
        found = await db.exec(
            select(SessionSignup.registration_id, Session)
            .join(Session, col(Session.id) == SessionSignup.session_id)
            .where(
                col(SessionSignup.registration_id).in_(registrations),
                col(SessionSignup.left_at).is_(None),
                col(Session.capacity).is_not(None),
                col(Session.removed_at).is_(None),
                *where,
            )
            .order_by(col(Session.starts_at), col(Session.id))
        )
        for registration_id, session in found:
            chosen[registration_id].append(session)
    return chosen


def has_seat() -> sa.ColumnElement[bool]:
    """Whether somebody who has not left has a place, or one is kept for them."""
    return col(SessionSignup.waiting_since).is_(None) | col(SessionSignup.offered_until).is_not(None)


def session_clashes(session: Session, others: Iterable[Session]) -> bool:
    """Whether it overlaps with one of the others; sessions that only touch do not."""
    return any(one.starts_at < session.ends_at and one.ends_at > session.starts_at for one in others)


async def seats_of(db: AsyncSession, registrations: Collection[UUID]) -> dict[UUID, list[Session]]:
    """In which sessions each of these has a place, or one is kept for them."""
    return await _chosen(db, registrations, has_seat())
