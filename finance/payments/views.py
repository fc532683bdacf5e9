"""What pages, endpoints and files show of batches."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.money import Money
from core.paging import Page, Paging, ordered, page_of
from core.rows import batches
from directory.accounts.access import Caller
from directory.people.models import Institution
from directory.projects.models import Project
from directory.projects.service import get_project
from events.programme.events.models import Event
from finance.payees.models import PayeeDetails
from finance.payees.rules import PayMethod, wants_cash
from finance.paying_accounts.models import PayingAccount
from finance.paying_accounts.rules import USUAL_COLUMNS, BankColumn
from finance.paying_accounts.service import paying_account_of
from finance.payments.documents import BookedRow, TransferFile, TransferRow
from finance.payments.models import Payment, PaymentBatch
from finance.payments.rules import LIVE, LeftOut, PaymentMethod, PaymentMoved, PaymentState
from finance.payments.service import get_batch, left_out_of, payments_in
from finance.sheets.models import PerDiemLine, PerDiemSheet, StatementRow
from finance.sheets.rules import SheetState, sheet_number


@dataclass(frozen=True)
class BatchView:
    """A batch with all its payments and a page of them, those that look like others, its project, and the sheets it
    pays, each with the number by which people name it."""

    batch: PaymentBatch
    project: Project
    payments: Sequence[Payment]
    page: Page[Payment]
    alike: frozenset[UUID]
    left_out: Sequence[LeftOut]
    sheets: Sequence[tuple[UUID, str]]

    @property
    def total(self) -> Money:
        """Of what is planned or paid."""
        live = sum(one.amount_minor for one in self.payments if one.state in LIVE)
        return Money.of_minor(live, self.batch.currency)

    @property
    def states(self) -> dict[PaymentState, int]:
        found = [one.state for one in self.payments]
        return {state: found.count(state) for state in PaymentState if state in found}


_SORTS: Mapping[str, Callable[[Payment], Any]] = {
    "number": lambda one: one.number,
    "name": lambda one: sort_key(one.name),
    "amount": lambda one: one.amount_minor,
    "state": lambda one: list(PaymentState).index(one.state),
}


async def batch_view(db: AsyncSession, batch_id: UUID, caller: Caller, paging: Paging) -> BatchView:
    """A batch of a project that the caller may reach. Raises NotFound."""
    batch = await get_batch(db, batch_id, caller)
    payments = await payments_in(db, batch.id)
    project = await db.get_one(Project, batch.project_id)
    alike = frozenset(await alike_in(db, batch, payments))
    left_out = await left_out_of(db, batch)
    sheets = await _sheets_named(db, {one.sheet_id for one in payments})
    return BatchView(batch, project, payments, page_of(payments, paging, _SORTS), alike, left_out, sheets)


async def _sheets_named(db: AsyncSession, sheet_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """The sheets of a batch, at most 200, with their numbers."""
    rows = await db.exec(
        select(PerDiemSheet.id, Event.code, PerDiemSheet.currency, PerDiemSheet.number)
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .where(col(PerDiemSheet.id).in_(sheet_ids))
        .order_by(col(Event.code), col(PerDiemSheet.number))
    )
    return [(id, sheet_number(code, currency, number)) for id, code, currency, number in rows]


@dataclass(frozen=True)
class ProjectPayments:
    """A project's batches, newest first, with what is live in each; its sheets that wait to be paid, and whether the
    account that SEPA files pay from is entered."""

    project: Project
    batches: Page[tuple[PaymentBatch, int, int, int]]
    payable: Sequence[tuple[PerDiemSheet, Event, str, Money]]
    has_account: bool


async def project_payments(db: AsyncSession, project_id: UUID, caller: Caller, paging: Paging) -> ProjectPayments:
    """Raises NotFound."""
    project = await get_project(db, project_id, caller)
    live = col(Payment.state).in_(LIVE)
    people = func.count(col(Payment.id)).filter(live)
    total = func.coalesce(func.sum(col(Payment.amount_minor)).filter(live), 0)
    planned = func.count(col(Payment.id)).filter(col(Payment.state) == PaymentState.planned)
    columns = {
        "number": col(PaymentBatch.number),
        "method": col(PaymentBatch.method),
        "day": col(PaymentBatch.executes_on),
        "planned": planned,
        "people": people,
        "sum": total,
    }
    wanted: Any = (
        sa.select(
            PaymentBatch,
            people,
            total,
            planned,
            func.count().over(),
        )
        .join(Payment, col(Payment.batch_id) == PaymentBatch.id)
        .where(col(PaymentBatch.project_id) == project.id)
        .group_by(col(PaymentBatch.id))
        .order_by(*ordered(paging, columns, col(PaymentBatch.number).desc()))
        .offset((paging.page - 1) * paging.limit)
        .limit(paging.limit)
    )
    rows = (await db.exec(wanted)).all()
    batches = Page([row[:4] for row in rows], rows[0][4] if rows else 0, paging.page, paging.limit)
    left = func.sum(col(StatementRow.balance_minor) - col(StatementRow.reserved_minor))
    payable = await db.exec(
        select(PerDiemSheet, Event, func.coalesce(Institution.name, ""), left)
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .join(StatementRow, col(StatementRow.sheet_id) == PerDiemSheet.id)
        .join(Institution, col(Institution.id) == PerDiemSheet.institution_id, isouter=True)
        .where(
            PerDiemSheet.project_id == project.id,
            PerDiemSheet.state == SheetState.approved,
            col(StatementRow.balance_minor) > col(StatementRow.reserved_minor),
        )
        .group_by(col(PerDiemSheet.id), col(Event.id), col(Institution.name))
        .order_by(col(PerDiemSheet.decided_at), col(PerDiemSheet.id))
        .limit(200)
    )
    rest = [
        (sheet, event, institution, Money.of_minor(int(minor), sheet.currency))
        for sheet, event, institution, minor in payable
    ]
    payer = await paying_account_of(db, project.id)
    return ProjectPayments(project, batches, rest, bool(payer.iban))


async def alike_in(db: AsyncSession, batch: PaymentBatch, payments: Sequence[Payment]) -> set[UUID]:
    """Payments of a batch to an account that gets the same amount on the same day by another live payment."""
    keys = {one.account_key for one in payments if one.account_key and one.state in LIVE}
    if not keys:
        return set()
    seen: dict[tuple[str, int], list[UUID]] = {}
    for some in batches(sorted(keys)):
        found = await db.exec(
            select(Payment)
            .join(PaymentBatch, col(PaymentBatch.id) == Payment.batch_id)
            .where(
                col(Payment.account_key).in_(some),
                col(Payment.state).in_(LIVE),
                PaymentBatch.executes_on == batch.executes_on,
                PaymentBatch.project_id == batch.project_id,
            )
        )
        for one in found:
            seen.setdefault((one.account_key, one.amount_minor), []).append(one.id)
    twice = {id for ids in seen.values() if len(ids) > 1 for id in ids}
    return {one.id for one in payments if one.id in twice}


async def exported(
    db: AsyncSession, batch_id: UUID, method: PaymentMethod, caller: Caller, *, at: datetime
) -> tuple[TransferFile, PayingAccount]:
    """A batch as its bank reads it; the history keeps who fetched it. Raises NotFound, PaymentMoved for a batch that is
    paid another way."""
    batch = await get_batch(db, batch_id, caller, lock=True)
    if batch.method is not method:
        raise PaymentMoved()
    batch.exported_at = batch.exported_at or at
    audit.record(
        db,
        "payments.exported",
        batch.id,
        at=at,
        project_id=batch.project_id,
        **caller.signature,
        number=batch.number,
    )
    return await transfer_file(db, batch)


async def transfer_file(db: AsyncSession, batch: PaymentBatch) -> tuple[TransferFile, PayingAccount]:
    """What a bank reads of a batch: its live payments, with references and explanations that never change."""
    account = await paying_account_of(db, batch.project_id)
    found = await db.exec(
        select(Payment, Event.code)
        .join(Event, col(Event.id) == Payment.event_id)
        .where(Payment.batch_id == batch.id, col(Payment.state).in_(LIVE))
        .order_by(col(Payment.number))
    )
    rows = [
        TransferRow(
            one.number,
            one.holder or one.name,
            one.amount.amount,
            one.currency,
            one.id.hex,
            " ".join(filter(None, [batch.explanation, code, f"{batch.number}/{one.number}"]))[:140],
            one.iban,
            one.bic,
            one.bank_name,
            one.account,
        )
        for one, code in found
    ]
    made = TransferFile(
        f"HEYET-{batch.number}-{batch.id.hex[:16]}",
        batch.created_at,
        batch.executes_on,
        batch.payer_holder,
        batch.payer_iban,
        batch.payer_bic,
        batch.currency,
        rows,
    )
    return made, account


def columns_of(account: PayingAccount) -> list[BankColumn]:
    """Those that the project chose, or the usual ones."""
    return [BankColumn(one) for one in account.columns] or list(USUAL_COLUMNS)


async def booked_rows(db: AsyncSession, batch: PaymentBatch) -> list[BookedRow]:
    """A batch for the books: each payment that was made, split into per diems and costs on documents.

    What a payment holds beyond its costs is per diem; of converted sheets all is per diem, for lines are in other
    currencies than the payment.
    """
    account = await paying_account_of(db, batch.project_id)
    project = await db.get_one(Project, batch.project_id)
    found = list(
        await db.exec(
            select(Payment, Event)
            .join(Event, col(Event.id) == Payment.event_id)
            .where(Payment.batch_id == batch.id, Payment.state == PaymentState.paid)
            .order_by(col(Payment.number))
        )
    )
    costs = await _costs(db, {one.sheet_id for one, _ in found}, batch.currency)
    rows = []
    for one, event in found:
        of_costs = min(costs.get((one.sheet_id, one.registration_id), Decimal(0)), one.amount.amount)
        parts = [("per_diem_account", one.amount.amount - of_costs, "per diem"), ("cost_account", of_costs, "costs")]
        rows += [
            _booked(project, event, account, batch, one, book, amount, text, paid_on=one.paid_on)
            for book, amount, text in parts
            if amount
        ]
    return rows


def _booked(
    project: Project,
    event: Event,
    account: PayingAccount,
    batch: PaymentBatch,
    one: Payment,
    book: str,
    amount: Decimal,
    text: str,
    *,
    paid_on: date | None,
) -> BookedRow:
    return BookedRow(
        project.acronym,
        event.code,
        event.budget_line,
        str(account.books.get(book, "")),
        str(account.books.get("bank_account", "")),
        amount,
        one.currency,
        paid_on,
        f"{batch.number}/{one.number}",
        text,
    )


async def _costs(db: AsyncSession, sheets: set[UUID], currency: str) -> dict[tuple[UUID, UUID], Decimal]:
    found = await db.exec(
        select(PerDiemLine.sheet_id, PerDiemLine.registration_id, func.sum(PerDiemLine.amount_minor))
        .where(
            col(PerDiemLine.sheet_id).in_(sheets),
            col(PerDiemLine.kind).in_(("receipt", "unit_cost")),
            PerDiemLine.currency == currency,
        )
        .group_by(col(PerDiemLine.sheet_id), col(PerDiemLine.registration_id))
    )
    return {(sheet, person): Money.of_minor(int(minor), currency).amount for sheet, person, minor in found}


async def who_gets_cash(db: AsyncSession, sheet_id: UUID) -> set[UUID]:
    """Registrations on an approved sheet that sign for cash: whom a batch pays so, and of those whom none pays yet who
    wants it or has told nothing, as batches take them."""
    found = await db.exec(
        select(StatementRow.registration_id, PaymentBatch.method, PayeeDetails.method)
        .join(
            Payment,
            sa.and_(col(Payment.sheet_person_id) == StatementRow.id, col(Payment.state).in_(LIVE)),
            isouter=True,
        )
        .join(PaymentBatch, col(PaymentBatch.id) == Payment.batch_id, isouter=True)
        .join(PayeeDetails, col(PayeeDetails.registration_id) == StatementRow.registration_id, isouter=True)
        .where(StatementRow.sheet_id == sheet_id)
    )
    return {
        id
        for id, paid_by, wants in found
        if (paid_by is PaymentMethod.cash if paid_by else wants_cash(PayMethod(wants) if wants else None))
    }
