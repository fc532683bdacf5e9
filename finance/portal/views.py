"""What one participant gets and why: from their newest sheets, and from their own draft."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_
from core.money import Money
from directory.projects.models import Project
from events.programme.events.models import Event
from finance.pay_rules.service import pay_rules_of
from finance.payments.models import Payment
from finance.payments.rules import PaymentState
from finance.rules.lines import ZERO
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import DEAD, GIVEN, SheetState
from finance.sheets.service import statements_on
from finance.statements.rules import PersonStatement
from finance.statements.service import work_out


class StatementState(StrEnum):
    """How far what somebody gets has come."""

    prepared = "prepared"
    submitted = "submitted"
    approved = "approved"
    paid = "paid"


OWN_STATES = {
    StatementState.prepared: N_("Being prepared: amounts may still change."),
    StatementState.submitted: N_("With finance, not approved yet."),
    StatementState.approved: N_("Approved, not paid yet."),
    StatementState.paid: N_("Paid."),
}
# What the person can do about what is missing; else the project has to enter it.
OWN_STEPS = {
    "absence": ("absence", N_("Enter when you left and were back")),
    "date": ("#receipts", N_("Look at your receipts")),
    "amount": ("#receipts", N_("Look at your receipts")),
    "currency": ("#receipts", N_("Look at your receipts")),
    "kind": ("#receipts", N_("Look at your receipts")),
    "file": ("#receipts", N_("Look at your receipts")),
}


@dataclass(frozen=True)
class OwnStatement:
    """One statement with how far it is, and what was paid by it on which days."""

    statement: PersonStatement
    state: StatementState
    payments: Sequence[tuple[date | None, Money]] = ()
    # The sheet that a receipt can be fetched or signed for.
    sheet_id: UUID | None = None


async def own_statements(
    db: AsyncSession, event: Event, registration_id: UUID, *, at: datetime
) -> list[OwnStatement] | None:
    """What this person gets: what is being prepared, then sheets that count or wait. None where the project does not
    show it. Nothing of anybody else is read.

    Whoever has something approved is told of a difference only where more is to be paid: that something has to be
    returned is said once somebody has approved it.
    """
    if not (await pay_rules_of(db, event.project_id)).shows_statements:
        return None
    project = await db.get_one(Project, event.project_id)
    rows = (
        await db.exec(
            select(PerDiemSheet, StatementRow)
            .join(StatementRow, col(StatementRow.sheet_id) == PerDiemSheet.id)
            .where(
                PerDiemSheet.event_id == event.id,
                StatementRow.registration_id == registration_id,
                col(PerDiemSheet.state).not_in(DEAD),
            )
            .order_by(col(PerDiemSheet.submitted_at).desc(), col(PerDiemSheet.id).desc())
        )
    ).all()
    given: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for sheet, row in rows:
        if sheet.state in GIVEN:
            given[sheet.currency] += row.balance(sheet.currency)
    waiting = {sheet.currency for sheet, _ in rows if sheet.state is SheetState.submitted}
    paid = await _payments(db, registration_id)
    found = []
    for sheet, _ in rows:
        for statement in await statements_on(db, sheet, only=[registration_id]):
            mine, given_by = paid.get(sheet.id, []), sheet.id if sheet.state in GIVEN else None
            found.append(OwnStatement(statement, _state(sheet.state, mine), mine, given_by))
    fresh = await work_out(db, event, project, {registration_id: given}, only=registration_id, at=at)
    drafts = [
        OwnStatement(one, StatementState.prepared)
        for one in fresh.statements
        if one.currency not in waiting and (one.currency not in given or (one.to_pay or ZERO) > ZERO)
    ]
    return drafts + found


def _state(state: SheetState, payments: Sequence[tuple[date | None, Money]]) -> StatementState:
    if state is SheetState.submitted:
        return StatementState.submitted
    is_paid = payments or state in (SheetState.paid, SheetState.closed)
    return StatementState.paid if is_paid else StatementState.approved


async def _payments(db: AsyncSession, registration_id: UUID) -> dict[UUID, list[tuple[date | None, Money]]]:
    """Payments that were made, by sheet. Only what is not sealed."""
    found = await db.exec(
        select(Payment.sheet_id, col(Payment.paid_on), Payment.amount_minor, Payment.currency)
        .where(Payment.registration_id == registration_id, Payment.state == PaymentState.paid)
        .order_by(col(Payment.paid_on), col(Payment.id))
    )
    payments: dict[UUID, list[tuple[date | None, Money]]] = {}
    for sheet_id, day, minor, currency in found:
        payments.setdefault(sheet_id, []).append((day, Money.of_minor(minor, currency)))
    return payments
