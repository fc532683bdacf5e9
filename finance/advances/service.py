"""Entering and cancelling advances."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from core.money import Money
from core.paging import Page, Paging, ordered, paged
from core.zones import is_to_come
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.service import get_event, lock_event_for
from finance.advances.models import Advance
from finance.advances.rules import AdvancePlan, CancelledAlready, plan_of
from finance.advances.schemas import AdvancesIn


async def advances_of(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> dict[UUID, list[Advance]]:
    """Those that count, of everybody of an event or of one, by registration, the earliest first: one query."""
    wanted = select(Advance).where(Advance.event_id == event_id, col(Advance.cancelled_at).is_(None))
    if only is not None:
        wanted = wanted.where(Advance.registration_id == only)
    found: dict[UUID, list[Advance]] = {}
    for one in await db.exec(wanted.order_by(col(Advance.paid_on), col(Advance.id))):
        found.setdefault(one.registration_id, []).append(one)
    return found


async def own_advances(db: AsyncSession, registration_id: UUID) -> list[Advance]:
    """One person's that count, the earliest first."""
    wanted = select(Advance).where(Advance.registration_id == registration_id, col(Advance.cancelled_at).is_(None))
    return list((await db.exec(wanted.order_by(col(Advance.paid_on), col(Advance.id)))).all())


async def page_of_advances(db: AsyncSession, event_id: UUID, paging: Paging) -> Page[tuple[Advance, Person]]:
    """All of an event with those that were cancelled, by person, then by day."""
    columns = {
        "name": col(Person.sort_key),
        "amount": col(Advance.amount_minor),
        "day": col(Advance.paid_on),
        "how": col(Advance.method),
        "state": col(Advance.cancelled_at),
    }
    wanted = (
        select(Advance, Person)
        .join(Registration, col(Registration.id) == Advance.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Advance.event_id == event_id)
        .order_by(*ordered(paging, columns, col(Person.sort_key), col(Advance.paid_on), col(Advance.id)))
    )
    return await paged(db, wanted, paging)


async def sums_of(db: AsyncSession, event_id: UUID) -> list[Money]:
    """What those that count come to, by currency."""
    found = await db.exec(
        select(Advance.currency, sa.func.sum(col(Advance.amount_minor)))
        .where(Advance.event_id == event_id, col(Advance.cancelled_at).is_(None))
        .group_by(col(Advance.currency))
        .order_by(col(Advance.currency))
    )
    return [Money.of_minor(int(minor), currency) for currency, minor in found]


async def plan_advances(
    db: AsyncSession, event_id: UUID, given: AdvancesIn, caller: Caller, *, at: datetime
) -> AdvancePlan:
    """What entering them would do; nothing is changed. Raises NotFound, Unacceptable beside the field."""
    event = await get_event(db, event_id, caller)
    await _check(db, event, given, at=at)
    return plan_of(given.registrations, given.each, await advances_of(db, event.id))


async def enter_advances(
    db: AsyncSession, event_id: UUID, given: AdvancesIn, caller: Caller, *, at: datetime
) -> Sequence[Advance]:
    """One advance for each of them. The same key once more changes nothing and returns what it entered before.

    Raises NotFound, Unacceptable beside the field.
    """
    event = await lock_event_for(db, event_id, caller)
    await _check(db, event, given, at=at)
    known = (await db.exec(select(Advance).where(Advance.event_id == event.id, Advance.key == given.key))).all()
    if known:
        return known
    entered = [
        Advance(
            event_id=event.id,
            registration_id=id,
            key=given.key,
            amount_minor=given.each.minor,
            currency=given.currency,
            paid_on=given.paid_on,
            method=given.method,
            reference=given.reference,
            note=given.note,
            entered_by=caller.account_id,
            entered_at=at,
        )
        for id in dict.fromkeys(given.registrations)
    ]
    db.add_all(entered)
    audit.record(
        db,
        "advance.entered",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        advances=len(entered),
        each=str(given.each.amount),
        currency=given.currency,
    )
    await db.flush()
    return entered


async def cancel_advance(db: AsyncSession, advance_id: UUID, reason: str, caller: Caller, *, at: datetime) -> Advance:
    """It does not count any more; it stays in the list, with the reason. Raises NotFound, CancelledAlready."""
    advance, event = await get_advance(db, advance_id, caller, lock=True)
    if advance.cancelled_at is not None:
        raise CancelledAlready()
    advance.cancelled_at, advance.cancelled_by, advance.reason = at, caller.account_id, reason
    audit.record(
        db,
        "advance.cancelled",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=reason,
        advance=advance.id,
    )
    await db.flush()
    return advance


async def get_advance(
    db: AsyncSession, advance_id: UUID, caller: Caller, *, lock: bool = False
) -> tuple[Advance, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, Advance, advance_id, caller, lock=lock)


async def _check(db: AsyncSession, event: Event, given: AdvancesIn, *, at: datetime) -> None:
    if is_to_come(given.paid_on, at=at):
        raise Unacceptable("paid_on", N_("This day is still to come."))
    wanted = set(given.registrations)
    here = select(sa.func.count()).where(Registration.event_id == event.id, col(Registration.id).in_(wanted))
    if (await db.exec(here)).one() != len(wanted):
        raise Unacceptable("registrations", N_("Choose people who have a place at this event."))
