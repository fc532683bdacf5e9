"""Setting quotas, and knowing what is free. Whoever decides on a place holds the event's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.errors import N_, Unacceptable
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from directory.people.service import must_be_institutions
from events.invitations.capacity import rules
from events.invitations.capacity.models import Quota
from events.invitations.capacity.rules import Limit, Seeker, has_room, has_room_before
from events.invitations.capacity.schemas import QuotaIn
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import Category
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import HOLDING, RegistrationStatus
from events.invitations.registrations.service import lock_context_for
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import fill_after, lock_event_for


@dataclass
class EventCapacity:
    """All limits of an event as they stand. The first is the event's own."""

    limits: list[Limit]
    parents: dict[UUID, UUID | None]

    def seeker(self, category: Category, institution_id: UUID | None, seats: int = 1) -> Seeker:
        """Somebody as limits see them: a quota of a ministry counts people of its directorates too."""
        return Seeker(category, rules.with_all_above(institution_id, self.parents), seats)


async def load_capacity(db: AsyncSession, event: Event) -> EventCapacity:
    """What is free, counted from confirmed registrations. Without quotas it is one query, with them three."""
    whole = Limit(event.capacity, event.taken)
    quotas = (await db.exec(select(Quota).where(Quota.event_id == event.id).order_by(col(Quota.id)))).all()
    if not quotas:
        return EventCapacity([whole], {})
    parents: dict[UUID, UUID | None] = {}
    if any(quota.institution_id for quota in quotas):
        # The whole tree in one query: how far up a chain goes is not known before.
        parents = dict((await db.exec(select(Institution.id, Institution.parent_id))).all())
    capacity = EventCapacity([whole, *(Limit(q.capacity, 0, q.category, q.institution_id) for q in quotas)], parents)
    found = await db.exec(
        select(Invitation.category, Person.institution_id, sa.func.sum(1 + col(Registration.guests)))
        .join(Registration, col(Registration.invitation_id) == Invitation.id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Registration.event_id == event.id, col(Registration.status).in_(HOLDING))
        .group_by(col(Invitation.category), col(Person.institution_id))
    )
    for category, institution_id, count in found:
        who = capacity.seeker(Category(category), institution_id)
        for limit in capacity.limits[1:]:
            limit.taken += count if limit.counts(who) else 0
    return capacity


async def is_contended(db: AsyncSession, event_id: UUID) -> bool:
    """Whether quotas, or people who wait, have to be looked at before a place is given."""
    return bool((await db.exec(_contended(), params={"event_id": event_id})).one())


@cache
def _contended() -> SelectOfScalar[bool]:
    event_id = sa.bindparam("event_id", type_=sa.Uuid())
    waits = sa.exists().where(
        col(Registration.event_id) == event_id, col(Registration.status) == RegistrationStatus.waiting
    )
    has_quota = sa.exists().where(col(Quota.event_id) == event_id)
    return select(sa.or_(waits, has_quota))


async def set_quotas(
    db: AsyncSession, event_id: UUID, given: Sequence[QuotaIn], caller: Caller, *, at: datetime
) -> list[Limit]:
    """These quotas and no others. One below those confirmed removes nobody; a wider one lets people move up.

    Raises Unacceptable for a quota that is named twice, or of an institution that the project does not know.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    keys = [(quota.category, quota.institution_id) for quota in given]
    if len(set(keys)) < len(keys):
        raise Unacceptable("quotas", N_("The same quota is named twice."))
    await must_be_institutions(db, event.project_id, [quota.institution_id for quota in given], "institution_id")
    await db.exec(delete(Quota).where(col(Quota.event_id) == event_id))
    db.add_all(Quota(event_id=event_id, **quota.model_dump()) for quota in given)
    audit.record(db, "quotas.set", event.id, at=at, project_id=event.project_id, **caller.signature, quotas=len(given))
    await db.flush()
    await fill_after(db, event, caller, at=at)
    return (await load_capacity(db, event)).limits[1:]


async def list_quotas(db: AsyncSession, event: Event) -> list[tuple[Limit, Institution | None]]:
    """Quotas with what is taken of each, and the institution named."""
    limits = (await load_capacity(db, event)).limits[1:]
    wanted = [limit.institution_id for limit in limits if limit.institution_id]
    found = await db.exec(select(Institution).where(col(Institution.id).in_(wanted)))
    named = {institution.id: institution for institution in found}
    return [(limit, named.get(limit.institution_id) if limit.institution_id else None) for limit in limits]


async def set_category(
    db: AsyncSession, invitation_id: UUID, category: Category, caller: Caller, *, at: datetime
) -> Invitation:
    """Say as what somebody takes part. A place they have they keep, even where the new category is full."""
    context = await lock_context_for(db, invitation_id, caller)
    invitation, event = context.invitation, context.event
    must_take_place(event.state)
    if invitation.category is not category:
        invitation.category = category
        audit.record(
            db,
            "person.category",
            invitation.person_id,
            at=at,
            project_id=event.project_id,
            **caller.signature,
            category=category,
            event_id=event.id,
        )
        await db.flush()
        # They may leave a full quota behind, or wait and fit into another one now.
        await fill_after(db, event, caller, at=at)
    return invitation


async def miscounted(db: AsyncSession) -> list[tuple[str, int, int]]:
    """Events whose counter of places is not what their rows say: code, counter, seats of those rows. Empty unless
    something is broken."""
    holding = (
        select(Registration.event_id, sa.func.sum(1 + col(Registration.guests)).label("rows"))
        .where(col(Registration.status).in_(HOLDING))
        .group_by(col(Registration.event_id))
        .subquery()
    )
    rows = sa.func.coalesce(holding.c.rows, 0)
    found = await db.exec(
        select(Event.code, Event.taken, rows)
        .join(holding, holding.c.event_id == Event.id, isouter=True)
        .where(Event.taken != rows)
        .order_by(Event.code)
    )
    return [(code, taken, count) for code, taken, count in found]


Waiter = tuple[Registration, Invitation, Person, Seeker]


async def status_for(db: AsyncSession, context: ResponseContext, guests: int = 0) -> RegistrationStatus:
    """Whether there is a place for this person and their guests, ahead of whom nobody waits who could have it:
    confirmed or waiting. The caller holds the event's lock, or two get the last place.
    """
    event, seats = context.event, 1 + guests
    if event.taken + seats > event.capacity:
        return RegistrationStatus.waiting
    # Most events have neither quotas nor a queue: one statement, and no list is read under the lock. What was decided
    # here is written with the answer; who asks has changed nothing yet of what is looked at.
    with db.no_autoflush:
        is_simple = not await is_contended(db, event.id)
    if is_simple:
        return RegistrationStatus.confirmed
    capacity = await load_capacity(db, event)
    who = capacity.seeker(context.invitation.category, context.person.institution_id, seats)
    waiting = await list_waiting(db, event, capacity) if has_room(capacity.limits, who) else []
    mine = context.invitation.id
    ahead = [seeker for _, invitation, _, seeker in waiting if invitation.id != mine]
    return RegistrationStatus.confirmed if has_room_before(capacity.limits, who, ahead) else RegistrationStatus.waiting


async def list_waiting(db: AsyncSession, event: Event, capacity: EventCapacity) -> list[Waiter]:
    """Those who wait: who was given priority, then first come first; read before any of them moves."""
    found = await db.exec(
        select(Registration, Invitation, Person)
        .join(Invitation, col(Invitation.id) == Registration.invitation_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Registration.event_id == event.id, Registration.status == RegistrationStatus.waiting)
        .order_by(col(Registration.priority).desc(), col(Registration.registered_at), col(Registration.id))
    )
    return [(r, i, p, capacity.seeker(i.category, p.institution_id, r.seats)) for r, i, p in found]
