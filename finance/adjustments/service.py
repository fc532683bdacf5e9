"""Entering and cancelling adjustments."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from core.paging import Page, Paging, ordered, paged
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.service import lock_event_for
from finance.adjustments.models import Adjustment
from finance.adjustments.rules import AdjustmentCancelled
from finance.adjustments.schemas import AdjustmentIn
from finance.pay_rules.service import pay_rules_of


async def adjustments_of(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> dict[UUID, list[Adjustment]]:
    """Those that count, of everybody or of one, by registration, as they were entered: one query."""
    wanted = select(Adjustment).where(Adjustment.event_id == event_id, col(Adjustment.cancelled_at).is_(None))
    if only is not None:
        wanted = wanted.where(Adjustment.registration_id == only)
    found: dict[UUID, list[Adjustment]] = {}
    for one in await db.exec(wanted.order_by(col(Adjustment.id))):
        found.setdefault(one.registration_id, []).append(one)
    return found


async def page_of_adjustments(db: AsyncSession, event_id: UUID, paging: Paging) -> Page[tuple[Adjustment, Person]]:
    """All of an event with those that were cancelled, by person, then as they were entered."""
    columns = {
        "name": col(Person.sort_key),
        "amount": col(Adjustment.amount_minor),
        "state": col(Adjustment.cancelled_at),
    }
    wanted = (
        select(Adjustment, Person)
        .join(Registration, col(Registration.id) == Adjustment.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Adjustment.event_id == event_id)
        .order_by(*ordered(paging, columns, col(Person.sort_key), col(Adjustment.id)))
    )
    return await paged(db, wanted, paging)


async def enter_adjustment(
    db: AsyncSession, event_id: UUID, given: AdjustmentIn, caller: Caller, *, at: datetime
) -> Adjustment:
    """More or less for one person. The same key once more changes nothing and returns what it entered before.

    In the currency that the project pays in, where it has one. Raises NotFound, Unacceptable beside the field.
    """
    event = await lock_event_for(db, event_id, caller)
    registration = await db.get(Registration, given.registration_id)
    if registration is None or registration.event_id != event.id:
        raise Unacceptable("registration_id", N_("Choose somebody who has a place at this event."))
    pays_in = (await pay_rules_of(db, event.project_id)).pay_currency
    if pays_in and given.currency != pays_in:
        raise Unacceptable("currency", N_("This project pays in %(currency)s."), currency=pays_in)
    wanted = select(Adjustment).where(Adjustment.event_id == event.id, Adjustment.key == given.key)
    known = (await db.exec(wanted)).first()
    if known is not None:
        return known
    entered = Adjustment(
        event_id=event.id,
        registration_id=registration.id,
        key=given.key,
        amount_minor=given.each.minor,
        currency=given.currency,
        reason=given.reason,
        entered_by=caller.account_id,
        entered_at=at,
    )
    db.add(entered)
    audit.record(
        db,
        "adjustment.entered",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        amount=str(given.each.amount),
        currency=given.currency,
        registration=registration.id,
    )
    await db.flush()
    return entered


async def cancel_adjustment(
    db: AsyncSession, adjustment_id: UUID, reason: str, caller: Caller, *, at: datetime
) -> Adjustment:
    """It does not count any more; it stays in the list, with the reason. Raises NotFound, AdjustmentCancelled."""
    adjustment, event = await get_adjustment(db, adjustment_id, caller, lock=True)
    if adjustment.cancelled_at is not None:
        raise AdjustmentCancelled()
    adjustment.cancelled_at, adjustment.cancelled_by, adjustment.cancelled_why = at, caller.account_id, reason
    audit.record(
        db,
        "adjustment.cancelled",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=reason,
        adjustment=adjustment.id,
    )
    await db.flush()
    return adjustment


async def get_adjustment(
    db: AsyncSession, adjustment_id: UUID, caller: Caller, *, lock: bool = False
) -> tuple[Adjustment, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, Adjustment, adjustment_id, caller, lock=lock)
