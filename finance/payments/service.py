"""Putting people of approved sheets into batches, and what came of each payment.

An amount is held in the row of its person by one statement that succeeds only while it is still to be paid, and the
database checks it again: two officers, a double click or a retry cannot pay it twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import vault
from core.errors import N_, NotFound, Unacceptable
from core.money import Money
from core.rows import add_rows, batches
from core.zones import day_in
from directory.accounts.access import Caller
from directory.projects.models import Project
from directory.projects.service import get_project, must_reach
from events.programme.events.models import Event
from finance.payees.models import PayeeDetails
from finance.payees.rules import PayMethod, SepaProblem, sepa_problem, wants_cash
from finance.paying_accounts.models import PayingAccount
from finance.paying_accounts.service import paying_account_of
from finance.payments import rules
from finance.payments.models import Payment, PaymentBatch
from finance.payments.rules import LeftOut, NotPayable, PaymentMethod, PaymentState
from finance.payments.schemas import PaymentBatchIn, PaymentFailureIn, PaymentResultIn
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import SheetState, WrongState


@dataclass(frozen=True)
class MadePaymentBatch:
    """A batch as it was made."""

    batch: PaymentBatch
    payments: Sequence[Payment]
    left_out: Sequence[LeftOut]


async def make_batch(
    db: AsyncSession, project_id: UUID, given: PaymentBatchIn, caller: Caller, *, at: datetime
) -> MadePaymentBatch:
    """Put everybody of these approved sheets who can be paid this way into a new batch; the others stay payable.

    Raises NotFound, WrongState for a sheet that is not approved, Unacceptable for a day before that, NothingPayable,
    NoPayingAccount, PaidMeanwhile.
    """
    project = await get_project(db, project_id, caller)
    sheets = await _lock_sheets(db, project.id, given.sheet_ids)
    currencies = {sheet.currency for sheet in sheets}
    if len(currencies) > 1:
        raise Unacceptable("sheet_ids", N_("A batch is in one currency: these sheets are in several."))
    rules.must_follow("executes_on", given.executes_on, _approved_on(project, sheets))
    payer = await _payer(db, project, given, at=at)
    currency = currencies.pop()
    people = await _people(db, sheets, given.registration_ids)
    chosen = [one for one in people if why_not(*one, given.method, currency) is None]
    left_out = _left_out(people, given.method, currency)
    if not chosen:
        raise rules.NothingPayable(left_out)
    batch = PaymentBatch(
        project_id=project.id,
        number=await _next_number(db, project.id),
        method=given.method,
        currency=currency,
        executes_on=given.executes_on,
        payer_holder=payer.holder,
        payer_iban=payer.iban,
        payer_bic=payer.bic,
        explanation=payer.explanation,
        created_at=at,
        created_by=caller.account_id,
    )
    db.add(batch)
    await db.flush()
    rows = [_payment(batch, number, person, payee, at=at) for number, (person, payee) in enumerate(chosen, 1)]
    await _hold(db, [person for person, _ in chosen])
    await add_rows(db, Payment, rows)
    audit.record(
        db,
        "payment-batch.made",
        batch.id,
        at=at,
        project_id=project.id,
        **caller.signature,
        number=batch.number,
        method=given.method.value,
        payments=len(rows),
        total=str(Money.of_minor(sum(row["amount_minor"] for row in rows), currency).amount),
        currency=currency,
    )
    await db.flush()
    return MadePaymentBatch(batch, await payments_in(db, batch.id), left_out)


def why_not(
    person: StatementRow, payee: PayeeDetails | None, method: PaymentMethod, currency: str
) -> NotPayable | None:
    """Why somebody cannot be paid this way now; None where they can."""
    if person.balance_minor - person.reserved_minor <= 0:
        return NotPayable.nothing_left
    if payee is not None and payee.method is PayMethod.waived:
        return NotPayable.waived
    is_for_cash = wants_cash(payee.method if payee else None)
    if method is PaymentMethod.cash:
        return None if is_for_cash else NotPayable.other_method
    if payee is None:
        return NotPayable.no_account
    if is_for_cash:
        return NotPayable.other_method
    problem = sepa_problem(payee)
    if method is PaymentMethod.bank_list:
        return NotPayable.no_account if problem is SepaProblem.no_account else None
    if currency != "EUR":
        return NotPayable.not_euro
    return NotPayable(problem.value) if problem else None


async def _payer(db: AsyncSession, project: Project, given: PaymentBatchIn, *, at: datetime) -> PayingAccount:
    """The account that the project pays from. Raises NoPayingAccount, and Unacceptable for a day that is over, where a
    bank is to carry it out."""
    payer = await paying_account_of(db, project.id)
    if given.method is PaymentMethod.sepa:
        if given.executes_on < day_in(project.zone, at=at):
            raise Unacceptable(
                "executes_on", N_("A bank carries out nothing in the past. Please choose today or later.")
            )
        if not payer.iban:
            raise rules.NoPayingAccount()
    return payer


def _approved_on(project: Project, sheets: Sequence[PerDiemSheet]) -> date:
    """The day, where the project is, on which the last of these approved sheets was approved."""
    return max((day_in(project.zone, at=one.decided_at) for one in sheets if one.decided_at), default=date.min)


async def left_out_of(db: AsyncSession, batch: PaymentBatch) -> list[LeftOut]:
    """Who of the sheets of a batch is still to be paid and cannot be by its method, and why."""
    of_batch = select(Payment.sheet_id).where(Payment.batch_id == batch.id).distinct()
    sheets = list(await db.exec(select(PerDiemSheet).where(col(PerDiemSheet.id).in_(of_batch))))
    return _left_out(await _people(db, sheets, None, only_payable=True), batch.method, batch.currency)


def _left_out(
    people: Sequence[tuple[StatementRow, PayeeDetails | None]], method: PaymentMethod, currency: str
) -> list[LeftOut]:
    whys = [(person, why_not(person, payee, method, currency)) for person, payee in people]
    return [
        LeftOut(person.registration_id, person.name, why)
        for person, why in whys
        if why not in (None, NotPayable.nothing_left)
    ]


def _payment(
    batch: PaymentBatch, number: int, person: StatementRow, payee: PayeeDetails | None, *, at: datetime
) -> dict[str, Any]:
    to_bank = batch.method is not PaymentMethod.cash and payee is not None
    account = (payee.iban or payee.domestic_account) if payee and to_bank else ""
    return {
        "event_id": person.event_id,
        "batch_id": batch.id,
        "sheet_id": person.sheet_id,
        "sheet_person_id": person.id,
        "registration_id": person.registration_id,
        "number": number,
        "amount_minor": person.balance_minor - person.reserved_minor,
        "currency": batch.currency,
        "name": person.name,
        "holder": payee.holder if payee and to_bank else "",
        "iban": payee.iban if payee and to_bank else "",
        "bic": payee.bic if payee and to_bank else "",
        "bank_name": payee.bank_name if payee and to_bank else "",
        "account": payee.domestic_account if payee and to_bank else "",
        "account_key": vault.sign(f"account {account}") if account else "",
        "changed_at": at,
        "changed_by": batch.created_by,
    }


async def _lock_sheets(db: AsyncSession, project_id: UUID, ids: Collection[UUID]) -> list[PerDiemSheet]:
    """Their events first, as submissions and approvals take them, then they, each in the order of ids: two batches
    wait for each other and never both."""
    events = select(PerDiemSheet.event_id).where(col(PerDiemSheet.id).in_(ids))
    await db.exec(select(Event.id).where(col(Event.id).in_(events)).order_by(col(Event.id)).with_for_update())
    wanted = select(PerDiemSheet).where(col(PerDiemSheet.id).in_(ids)).order_by(col(PerDiemSheet.id)).with_for_update()
    sheets = list(await db.exec(wanted.execution_options(populate_existing=True)))
    if len(sheets) < len(set(ids)) or any(sheet.project_id != project_id for sheet in sheets):
        raise NotFound()
    if any(sheet.state is not SheetState.approved for sheet in sheets):
        raise WrongState()
    return sheets


async def _people(
    db: AsyncSession, sheets: Sequence[PerDiemSheet], only: Collection[UUID] | None, *, only_payable: bool = False
) -> list[tuple[StatementRow, PayeeDetails | None]]:
    wanted = (
        select(StatementRow, PayeeDetails)
        .join(PayeeDetails, col(PayeeDetails.registration_id) == StatementRow.registration_id, isouter=True)
        .where(col(StatementRow.sheet_id).in_([sheet.id for sheet in sheets]))
        .order_by(col(StatementRow.sheet_id), col(StatementRow.number))
        .execution_options(populate_existing=True)
    )
    if only_payable:
        wanted = wanted.where(col(StatementRow.balance_minor) > col(StatementRow.reserved_minor))
    found = list(await db.exec(wanted))
    chosen = None if only is None else set(only)
    return [row for row in found if chosen is None or row[0].registration_id in chosen]


async def _next_number(db: AsyncSession, project_id: UUID) -> int:
    """One at a time in a project, under a lock of it that lets others point to it."""
    await db.exec(select(Project.id).where(Project.id == project_id).with_for_update(key_share=True))
    last = await db.exec(select(func.max(PaymentBatch.number)).where(PaymentBatch.project_id == project_id))
    return (last.one() or 0) + 1


async def _hold(db: AsyncSession, people: Sequence[StatementRow]) -> None:
    """Hold what is left of each. Raises PaidMeanwhile where somebody else did."""
    lost = 0
    for some in batches([person.id for person in people]):
        held = await db.exec(
            update(StatementRow)
            .where(col(StatementRow.id).in_(some), col(StatementRow.reserved_minor) < col(StatementRow.balance_minor))
            .values(reserved_minor=col(StatementRow.balance_minor))
            .execution_options(synchronize_session=False)
        )
        lost += len(some) - held.rowcount
    if lost:
        raise rules.PaidMeanwhile(people=lost)


async def get_batch(db: AsyncSession, batch_id: UUID, caller: Caller, *, lock: bool = False) -> PaymentBatch:
    """A batch of a project that the caller may reach. Raises NotFound."""
    wanted = select(PaymentBatch).where(PaymentBatch.id == batch_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    batch = (await db.exec(wanted)).first()
    if batch is None:
        raise NotFound()
    must_reach(batch.project_id, "payment_batch", batch.id, caller)
    return batch


async def payments_in(db: AsyncSession, batch_id: UUID) -> list[Payment]:
    """All of a batch by number."""
    found = await db.exec(select(Payment).where(Payment.batch_id == batch_id).order_by(col(Payment.number)))
    return list(found)


async def mark_paid(db: AsyncSession, batch_id: UUID, given: PaymentResultIn, caller: Caller, *, at: datetime) -> int:
    """The bank carried them out, or the cash was handed over: those named, or all that are planned. Returns how many.
    Named again, day and reference of what was paid are corrected.

    A sheet is paid when all on it are. Raises PaymentMoved, and Unacceptable for a day to come or before the approval.
    """
    batch = await get_batch(db, batch_id, caller, lock=True)
    project = await db.get_one(Project, batch.project_id)
    if given.paid_on > day_in(project.zone, at=at):
        raise Unacceptable("paid_on", N_("This day has not come yet. Please enter the day on which it was paid."))
    chosen = await _chosen(db, batch, given.payment_ids, PaymentState.paid)
    paid_for = await db.exec(select(PerDiemSheet).where(col(PerDiemSheet.id).in_({one.sheet_id for one in chosen})))
    rules.must_follow("paid_on", given.paid_on, _approved_on(project, paid_for.all()))
    for one in chosen:
        one.state, one.paid_on, one.reference = PaymentState.paid, given.paid_on, given.reference
        one.has_reference = bool(given.reference)
        one.changed_at, one.changed_by = at, caller.account_id
    _note(db, "payments.paid", batch, len(chosen), caller, at=at)
    await settle(db, {one.sheet_id for one in chosen}, at=at)
    return len(chosen)


async def mark_failed(
    db: AsyncSession, batch_id: UUID, given: PaymentFailureIn, caller: Caller, *, at: datetime
) -> int:
    """They did not arrive: the people become payable again, and their sheets approved. Raises PaymentMoved."""
    batch = await get_batch(db, batch_id, caller, lock=True)
    return await _release(db, batch, given.payment_ids, PaymentState.failed, given.reason, caller, at=at)


async def cancel_batch(db: AsyncSession, batch_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Take back what is only planned of a batch; what was paid stays. Returns how many. Raises PaymentMoved."""
    batch = await get_batch(db, batch_id, caller, lock=True)
    return await _release(db, batch, None, PaymentState.cancelled, "", caller, at=at)


async def _release(
    db: AsyncSession,
    batch: PaymentBatch,
    ids: Collection[UUID] | None,
    state: PaymentState,
    reason: str,
    caller: Caller,
    *,
    at: datetime,
) -> int:
    chosen = await _chosen(db, batch, ids, state)
    for one in chosen:
        one.state, one.reason, one.changed_at, one.changed_by = state, reason, at, caller.account_id
    for some in batches(chosen):
        amount = select(func.sum(Payment.amount_minor)).where(
            Payment.sheet_person_id == StatementRow.id, col(Payment.id).in_([one.id for one in some])
        )
        await db.exec(
            update(StatementRow)
            .where(col(StatementRow.id).in_([one.sheet_person_id for one in some]))
            .values(reserved_minor=col(StatementRow.reserved_minor) - amount.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
    _note(db, f"payments.{state.value}", batch, len(chosen), caller, at=at, reason=reason)
    await settle(db, {one.sheet_id for one in chosen}, at=at)
    return len(chosen)


async def _chosen(
    db: AsyncSession, batch: PaymentBatch, ids: Collection[UUID] | None, to: PaymentState
) -> list[Payment]:
    """Those named, each of which may go there; without names all that are planned, of which there has to be one."""
    sheets = select(Payment.sheet_id).where(Payment.batch_id == batch.id)
    # Their sheets first, as batches take them.
    await db.exec(
        select(PerDiemSheet.id).where(col(PerDiemSheet.id).in_(sheets)).order_by(col(PerDiemSheet.id)).with_for_update()
    )
    found = await payments_in(db, batch.id)
    if ids is None:
        chosen = [one for one in found if one.state is PaymentState.planned]
    else:
        wanted = set(ids)
        chosen = [one for one in found if one.id in wanted]
        if len(chosen) < len(wanted):
            raise NotFound()
        for one in chosen:
            rules.must_move(one.state, to)
    if not chosen:
        raise rules.PaymentMoved()
    return chosen


async def settle(db: AsyncSession, sheet_ids: Collection[UUID], *, at: datetime) -> None:
    """Sheets of which everything is paid and returned become paid; those of which a payment failed approved again."""
    await db.flush()
    for sheet_id in sorted(sheet_ids):
        sheet = await db.get_one(PerDiemSheet, sheet_id)
        if sheet.state not in (SheetState.approved, SheetState.paid):
            raise WrongState()
        is_paid = await _is_paid(db, sheet_id)
        sheet.state, sheet.paid_at = (SheetState.paid, at) if is_paid else (SheetState.approved, None)
    await db.flush()


async def _is_paid(db: AsyncSession, sheet_id: UUID) -> bool:
    """Whether nobody on it has anything left to get or to give, and nothing is only planned. Who asks for no payment
    gets nothing."""
    waived = (
        select(PayeeDetails.id)
        .where(PayeeDetails.registration_id == StatementRow.registration_id, PayeeDetails.method == PayMethod.waived)
        .exists()
    )
    gets = sa.and_(col(StatementRow.balance_minor) > col(StatementRow.reserved_minor), sa.not_(waived))
    gives = -col(StatementRow.balance_minor) > col(StatementRow.returned_minor)
    left = await db.exec(
        select(func.count()).select_from(StatementRow).where(StatementRow.sheet_id == sheet_id, sa.or_(gets, gives))
    )
    planned = await db.exec(
        select(func.count())
        .select_from(Payment)
        .where(Payment.sheet_id == sheet_id, Payment.state == PaymentState.planned)
    )
    return not left.one() and not planned.one()


def _note(
    db: AsyncSession, act: str, batch: PaymentBatch, count: int, caller: Caller, *, at: datetime, reason: str = ""
) -> None:
    audit.record(
        db,
        act,
        batch.id,
        at=at,
        project_id=batch.project_id,
        **caller.signature,
        reason=reason,
        number=batch.number,
        payments=count,
    )
