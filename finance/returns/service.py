"""Noting money that people give back of what they owe by a sheet."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.money import Money
from core.written import FRACTION
from core.zones import is_to_come
from directory.accounts.access import Caller
from finance.advances.models import Advance
from finance.payments.models import Payment
from finance.payments.rules import PaymentState
from finance.payments.service import settle
from finance.returns.models import MoneyReturned
from finance.returns.schemas import ReturnedIn, ReturnRemovalIn
from finance.sheets.models import StatementRow
from finance.sheets.rules import SheetState, WrongState
from finance.sheets.service import lock_sheet


async def note_returned(
    db: AsyncSession, sheet_id: UUID, given: ReturnedIn, caller: Caller, *, at: datetime
) -> MoneyReturned:
    """A person gave back what they owe by a sheet, or part of it. The same key once more changes nothing and returns
    what it noted before. Raises NotFound, WrongState, Unacceptable."""
    sheet = await lock_sheet(db, sheet_id, caller)
    before = await db.get(MoneyReturned, given.key)
    if before is not None and before.sheet_id == sheet.id:
        return before
    if sheet.state is not SheetState.approved:
        raise WrongState()
    await _must_be_possible(db, sheet.event_id, given, at=at)
    found = await db.exec(
        select(StatementRow)
        .where(StatementRow.sheet_id == sheet.id, StatementRow.registration_id == given.registration_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    person = found.first()
    if person is None:
        raise NotFound()
    left = -person.balance_minor - person.returned_minor
    amount = Money(given.amount, sheet.currency)
    if amount != amount.rounded():
        raise Unacceptable("amount", FRACTION)
    if amount.minor > left:
        left_to_return = Money.of_minor(max(0, left), sheet.currency)
        raise Unacceptable("amount", N_("This person owes %(amount)s, not more."), amount=left_to_return)
    person.returned_minor += amount.minor
    row = MoneyReturned(
        id=given.key,
        event_id=sheet.event_id,
        sheet_id=sheet.id,
        sheet_person_id=person.id,
        registration_id=person.registration_id,
        amount_minor=amount.minor,
        currency=sheet.currency,
        returned_on=given.returned_on,
        reference=given.reference,
        entered_at=at,
        entered_by=caller.account_id,
    )
    db.add(row)
    audit.record(
        db,
        "money.returned",
        sheet.event_id,
        at=at,
        project_id=sheet.project_id,
        **caller.signature,
        amount=str(amount.amount),
        currency=sheet.currency,
    )
    await settle(db, [sheet.id], at=at)
    return row


async def remove_returned(
    db: AsyncSession, sheet_id: UUID, given: ReturnRemovalIn, caller: Caller, *, at: datetime
) -> MoneyReturned:
    """What was noted by mistake is owed again; the history keeps it. Raises NotFound, WrongState once it is closed."""
    sheet = await lock_sheet(db, sheet_id, caller)
    row = await db.get(MoneyReturned, given.id)
    if row is None or row.sheet_id != sheet.id:
        raise NotFound()
    if sheet.state not in (SheetState.approved, SheetState.paid):
        raise WrongState()
    found = await db.exec(
        select(StatementRow)
        .where(StatementRow.id == row.sheet_person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found.one().returned_minor -= row.amount_minor
    await db.delete(row)
    audit.record(
        db,
        "money.return-removed",
        sheet.event_id,
        at=at,
        project_id=sheet.project_id,
        **caller.signature,
        reason=given.reason,
        amount=str(row.amount.amount),
        currency=sheet.currency,
        returned_on=row.returned_on.isoformat(),
    )
    await settle(db, [sheet.id], at=at)
    return row


async def _must_be_possible(db: AsyncSession, event_id: UUID, given: ReturnedIn, *, at: datetime) -> None:
    """Nobody gives back tomorrow's money, or any before the first was given."""
    if is_to_come(given.returned_on, at=at):
        raise Unacceptable("returned_on", N_("This day is still to come."))
    advanced = select(func.min(Advance.paid_on)).where(
        Advance.event_id == event_id, col(Advance.cancelled_at).is_(None)
    )
    paid = select(func.min(Payment.paid_on)).where(Payment.event_id == event_id, Payment.state == PaymentState.paid)
    days = [day for wanted in (advanced, paid) if (day := (await db.exec(wanted)).one())]
    if days and given.returned_on < min(days):
        raise Unacceptable("returned_on", N_("Nobody was paid anything before %(day)s."), day=min(days))


async def returns_on(db: AsyncSession, sheet_id: UUID) -> list[MoneyReturned]:
    """All that came back for a sheet, the oldest first."""
    wanted = select(MoneyReturned).where(MoneyReturned.sheet_id == sheet_id)
    return list(await db.exec(wanted.order_by(col(MoneyReturned.entered_at), col(MoneyReturned.id))))
