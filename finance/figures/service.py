"""Reading what approved sheets come to: the same few queries however many sheets there are."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from core.money import Money
from directory.accounts.access import Caller
from directory.components.models import Component
from events.programme.events.models import Event, event_title
from finance.figures.rules import ADJUSTMENT, EventBudget, FigureFilter, FigureSources, KindFigures, SheetFigures
from finance.payments.models import Payment
from finance.payments.rules import PaymentState
from finance.sheets.models import PerDiemLine, PerDiemSheet, StatementRow
from finance.sheets.rules import GIVEN
from visits.cost_lines.models import VisitBudget


async def read_figures(db: AsyncSession, caller: Caller, wanted: FigureFilter) -> FigureSources:
    """What approved, paid and closed sheets of the caller's projects say. Four queries.

    Of somebody on several sheets of an event in one currency the latest counts: it says all that they earned.
    """
    projects = caller.projects & set(wanted.projects) if wanted.projects else caller.projects
    where = _given(projects, wanted.year)
    sheets = await _sheets(db, where, caller.language)
    kinds = await _kinds(db, where)
    return FigureSources(sheets, kinds, await _budgets(db, {one.event_id for one in sheets}))


def _given(projects: Collection[UUID], year: int | None) -> list[Any]:
    where: list[Any] = [col(PerDiemSheet.project_id).in_(projects), col(PerDiemSheet.state).in_(GIVEN)]
    if year:
        where += [col(PerDiemSheet.last_day) >= date(year, 1, 1), col(PerDiemSheet.last_day) <= date(year, 12, 31)]
    return where


def is_latest() -> Any:
    """As a condition on a person of a sheet: no later approved sheet of the event in that currency has them too."""
    later, sheet = aliased(StatementRow), aliased(PerDiemSheet)
    again = (
        sa.select(sa.literal(1))
        .select_from(later)
        .join(sheet, col(sheet.id) == later.sheet_id)
        .where(
            col(later.registration_id) == StatementRow.registration_id,
            col(sheet.currency) == PerDiemSheet.currency,
            col(sheet.state).in_(GIVEN),
            sa.or_(
                col(sheet.submitted_at) > PerDiemSheet.submitted_at,
                sa.and_(
                    col(sheet.submitted_at) == PerDiemSheet.submitted_at, col(sheet.version) > PerDiemSheet.version
                ),
            ),
        )
        .correlate(StatementRow, PerDiemSheet)
    )
    return ~sa.exists(again)


async def _sheets(db: AsyncSession, where: list[Any], language: str) -> list[SheetFigures]:
    earned = func.sum(sa.case((is_latest(), col(StatementRow.earned_minor)), else_=0))
    by_sheet = (
        sa.select(col(PerDiemSheet.id).label("sheet_id"), earned.label("earned"))
        .join(StatementRow, col(StatementRow.sheet_id) == PerDiemSheet.id)
        .where(*where)
        .group_by(col(PerDiemSheet.id))
        .subquery()
    )
    paid = (
        sa.select(func.coalesce(func.sum(Payment.amount_minor), 0))
        .where(col(Payment.sheet_id) == PerDiemSheet.id, col(Payment.state) == PaymentState.paid)
        .correlate(PerDiemSheet)
        .scalar_subquery()
    )
    found: Any = (
        sa.select(PerDiemSheet, event_title(language), Component, by_sheet.c.earned, paid)
        .join(by_sheet, by_sheet.c.sheet_id == PerDiemSheet.id)
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .join(Component, col(Component.id) == Event.component_id, isouter=True)
        .order_by(col(Event.first_day), col(PerDiemSheet.id))
    )
    return [
        SheetFigures(
            sheet.id,
            sheet.project_id,
            sheet.event_id,
            title,
            f"{component.code} {component.title_in(language)}" if component else "",
            component.id if component else None,
            sheet.currency,
            sheet.last_day.replace(day=1),
            int(earned or 0),
            int(paid_minor),
        )
        for sheet, title, component, earned, paid_minor in await db.exec(found)
    ]


async def _kinds(db: AsyncSession, where: list[Any]) -> list[KindFigures]:
    lines: Any = (
        sa.select(col(PerDiemLine.kind), col(PerDiemLine.currency), func.sum(PerDiemLine.amount_minor))
        .join(PerDiemSheet, col(PerDiemSheet.id) == PerDiemLine.sheet_id)
        .join(
            StatementRow,
            sa.and_(
                col(StatementRow.sheet_id) == PerDiemLine.sheet_id,
                col(StatementRow.registration_id) == PerDiemLine.registration_id,
            ),
        )
        .where(*where, is_latest())
        .group_by(col(PerDiemLine.kind), col(PerDiemLine.currency))
    )
    found = [KindFigures(kind, currency, int(amount)) for kind, currency, amount in await db.exec(lines)]
    # JSON as text looks alike in both databases; only those that have adjustments are read.
    adjusted: Any = (
        sa.select(col(StatementRow.content), col(PerDiemSheet.currency))
        .join(PerDiemSheet, col(PerDiemSheet.id) == StatementRow.sheet_id)
        .where(*where, is_latest(), sa.cast(col(StatementRow.content), sa.Text).not_like('%"adjustments": []%'))
    )
    sums: Counter[str] = Counter()
    for content, currency in await db.exec(adjusted):
        for one in content.get("adjustments", []):
            sums[currency] += Money(Decimal(one["amount"]), currency).rounded().minor
    return found + [KindFigures(ADJUSTMENT, currency, amount) for currency, amount in sums.items()]


async def _budgets(db: AsyncSession, events: Collection[UUID]) -> dict[UUID, EventBudget]:
    """By event: the budget of the visit; and the line of the grant's budget, said there or with the event."""
    rows: Any = (
        sa.select(col(Event.id), col(Event.budget_line), VisitBudget)
        .join(VisitBudget, col(VisitBudget.event_id) == Event.id, isouter=True)
        .where(col(Event.id).in_(events))
    )
    return {
        id: EventBudget(
            budget.budget_line if budget and budget.budget_line else line, budget.amount if budget else None
        )
        for id, line, budget in await db.exec(rows)
    }
