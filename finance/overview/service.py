"""Reading what waits: over all events of the projects whose per diems the caller may look at."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_
from core.i18n import words
from core.money import Money
from core.paging import Page, Paging, ordered, paged
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.models import Institution
from directory.projects.models import Project
from directory.tasks.rules import Task
from events.programme.events.models import Event, event_title
from finance.approvals.service import approval_bar, has_entered
from finance.overview.rules import (
    APPROVED_LATELY,
    LATELY,
    OF_SHEETS,
    SENTENCES,
    STEPS,
    Waiting,
    month_span,
)
from finance.overview.schemas import Debtor, FoundSheet, SheetFilter, WaitingEvent
from finance.payees.models import PayeeDetails
from finance.receipts.models import Receipt
from finance.receipts.rules import ReceiptState
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import GIVEN, SheetState

# Of so many events one is chosen from in a filter, the newest first.
_TO_CHOOSE_FROM = 300


async def list_sheets_of(db: AsyncSession, caller: Caller, wanted: SheetFilter, paging: Paging) -> Page[FoundSheet]:
    """Sheets of the caller's projects that pass the filter, those submitted last first: two queries."""
    left = _left().label("left")
    entered = has_entered(PerDiemSheet.event_id, caller.account_id).label("entered")
    columns = {
        "event": col(Event.search),
        "state": col(PerDiemSheet.state),
        "days": col(PerDiemSheet.first_day),
        "people": col(PerDiemSheet.people),
        "amount": col(PerDiemSheet.total_minor),
        "submitted": col(PerDiemSheet.submitted_at),
    }
    rows = (
        sa.select(
            PerDiemSheet,
            event_title(caller.language),
            col(Project.acronym),
            col(Institution.name),
            left,
            entered,
            col(Project.zone),
            col(Event.code),
        )
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .join(Project, col(Project.id) == PerDiemSheet.project_id)
        .join(Institution, col(Institution.id) == PerDiemSheet.institution_id, isouter=True)
        .where(col(PerDiemSheet.project_id).in_(caller.projects), *_filtered(wanted))
        .order_by(*ordered(paging, columns, col(PerDiemSheet.submitted_at).desc(), col(PerDiemSheet.id).desc()))
    )
    page = await paged(db, rows, paging)
    found = [
        FoundSheet(
            sheet,
            event,
            project,
            institution or "",
            Money.of_minor(int(left or 0), sheet.currency),
            approval_bar(sheet, caller, bool(entered)) if sheet.state is SheetState.submitted else None,
            zone,
            code,
        )
        for sheet, event, project, institution, left, entered, zone, code in page.rows
    ]
    return Page(found, page.total, page.page, page.limit)


def _filtered(wanted: SheetFilter) -> list[Any]:
    where: list[Any] = []
    for name in ("project_id", "event_id", "state", "currency", "number"):
        value = getattr(wanted, name)
        if value is not None:
            where.append(getattr(PerDiemSheet, name) == value)
    if wanted.month:
        first, after = month_span(wanted.month)
        where += [col(PerDiemSheet.last_day) >= first, col(PerDiemSheet.last_day) < after]
    if wanted.year:
        where.append(col(PerDiemSheet.last_day).between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.component_id:
        of_it = select(Event.id).where(Event.component_id == wanted.component_id)
        where.append(col(PerDiemSheet.event_id).in_(of_it))
    if wanted.is_given:
        where.append(col(PerDiemSheet.state).in_(GIVEN))
    if wanted.waiting in OF_SHEETS:
        where.append(_waits(wanted.waiting))
    return where


def _left() -> Any:
    """What is still to be paid of a sheet, in minor units."""
    left = col(StatementRow.balance_minor) - col(StatementRow.reserved_minor)
    return (
        select(func.sum(left))
        .where(StatementRow.sheet_id == PerDiemSheet.id, _is_payable())
        .correlate(PerDiemSheet)
        .scalar_subquery()
    )


def _is_payable() -> Any:
    return col(StatementRow.balance_minor) > col(StatementRow.reserved_minor)


def _has_to_return() -> Any:
    return -col(StatementRow.balance_minor) > col(StatementRow.returned_minor)


def _waits(what: Waiting) -> Any:
    """As a condition on a sheet."""
    state = col(PerDiemSheet.state)
    if what is Waiting.to_check:
        return sa.and_(state == SheetState.submitted, col(PerDiemSheet.checked_at).is_(None))
    if what is Waiting.to_approve:
        return state == SheetState.submitted
    if what is Waiting.to_pay:
        payable = sa.exists().where(col(StatementRow.sheet_id) == PerDiemSheet.id, _is_payable())
        return sa.and_(state == SheetState.approved, payable.correlate(PerDiemSheet))
    # Submitted anew, by its institution or with the whole event.
    later = aliased(PerDiemSheet)
    again = sa.exists().where(
        col(later.event_id) == PerDiemSheet.event_id,
        col(later.currency) == PerDiemSheet.currency,
        col(later.id) > PerDiemSheet.id,
        sa.or_(
            col(later.institution_key) == PerDiemSheet.institution_key,
            col(later.institution_key) == "",
            col(PerDiemSheet.institution_key) == "",
        ),
    )
    return sa.and_(state == SheetState.returned, ~again.correlate(PerDiemSheet))


async def count_waiting(db: AsyncSession, caller: Caller) -> dict[Waiting, int]:
    """How much of each there is in the caller's projects: four queries, however many sheets there are."""
    return await _counted(db, dict.fromkeys(Waiting, caller.projects))


async def finance_tasks(db: AsyncSession, caller: Caller, today: date) -> list[Task]:
    """What the caller can do next, of each kind once; nothing that a second person has to do.

    Who reads amounts and does none of it is told what was approved lately.
    """
    readable = caller.reaching(Right.money).projects
    pays = caller.reaching(Right.finance).projects & readable
    approves = caller.reaching(Right.approve).projects & readable
    plans = caller.reaching(Right.plan).projects & readable
    where = dict.fromkeys(Waiting, pays) | {Waiting.to_approve: approves, Waiting.returned: plans}
    counts = await _counted(db, where, second=caller.account_id)
    found = [
        Task(what, SENTENCES[what], count, STEPS[what], f"/finance?waiting={what}")
        for what, count in counts.items()
        if count
    ]
    if audits := readable - pays - approves - plans:
        found += await _approved_lately(db, audits, today)
    return found


async def _approved_lately(db: AsyncSession, projects: Collection[UUID], today: date) -> list[Task]:
    since = datetime.combine(today - LATELY, time.min, UTC)
    counted = select(func.count()).where(
        col(PerDiemSheet.project_id).in_(projects),
        col(PerDiemSheet.state).in_(GIVEN),
        col(PerDiemSheet.decided_at) >= since,
    )
    count = (await db.exec(counted)).one()
    return [Task("approved-lately", APPROVED_LATELY, count, N_("See the sheets"), "/finance")] if count else []


async def _counted(
    db: AsyncSession, where: Mapping[Waiting, Collection[UUID]], *, second: UUID | None = None
) -> dict[Waiting, int]:
    """Of each in its projects; with `second`, only sheets for which that account is a second person."""
    counts = dict.fromkeys(Waiting, 0)
    every = {id for ids in where.values() for id in ids}
    if not every:
        return counts
    columns = []
    for what in OF_SHEETS:
        is_so = sa.and_(col(PerDiemSheet.project_id).in_(where[what]), _waits(what))
        if second is not None and what in (Waiting.to_check, Waiting.to_approve):
            is_so = sa.and_(is_so, col(PerDiemSheet.submitted_by) != second)
        if second is not None and what is Waiting.to_approve:
            is_so = sa.and_(is_so, ~has_entered(PerDiemSheet.event_id, second))
        columns.append(func.coalesce(func.sum(sa.case((is_so, 1), else_=0)), 0))
    open_states = (SheetState.submitted, SheetState.approved, SheetState.returned)
    waiting: Any = sa.select(*columns).where(
        col(PerDiemSheet.project_id).in_(every), col(PerDiemSheet.state).in_(open_states)
    )
    sums = (await db.exec(waiting)).one()
    counts |= {what: int(count) for what, count in zip(OF_SHEETS, sums, strict=True)}
    for what, rows in (
        (Waiting.to_be_returned, _debtors(where[Waiting.to_be_returned])),
        (Waiting.receipts, _undecided(where[Waiting.receipts])),
        (Waiting.accounts, _unpayable(where[Waiting.accounts])),
    ):
        if where[what]:
            counts[what] = (
                await db.exec(rows.with_only_columns(func.count(), maintain_column_froms=True))
            ).scalar_one()
    return counts


def _debtors(projects: Collection[UUID], wanted: SheetFilter | None = None, language: str = "") -> Any:
    return (
        sa.select(StatementRow, PerDiemSheet, event_title(language))
        .join(PerDiemSheet, col(PerDiemSheet.id) == StatementRow.sheet_id)
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .where(
            col(PerDiemSheet.project_id).in_(projects),
            col(PerDiemSheet.state) == SheetState.approved,
            _has_to_return(),
            *(_filtered(wanted) if wanted else ()),
        )
    )


def _undecided(projects: Collection[UUID]) -> Any:
    return (
        sa.select(Event)
        .join(Receipt, col(Receipt.event_id) == Event.id)
        .where(col(Event.project_id).in_(projects), col(Receipt.state) == ReceiptState.claimed)
    )


def _unpayable(projects: Collection[UUID]) -> Any:
    return (
        sa.select(Event)
        .join(PerDiemSheet, col(PerDiemSheet.event_id) == Event.id)
        .join(StatementRow, col(StatementRow.sheet_id) == PerDiemSheet.id)
        .join(PayeeDetails, col(PayeeDetails.registration_id) == StatementRow.registration_id, isouter=True)
        .where(
            col(Event.project_id).in_(projects),
            col(PerDiemSheet.state) == SheetState.approved,
            _is_payable(),
            func.coalesce(col(PayeeDetails.is_complete), sa.false()).is_(sa.false()),
        )
    )


async def debtors(db: AsyncSession, caller: Caller, wanted: SheetFilter, paging: Paging) -> Page[Debtor]:
    """Who owes money by approved sheets that pass the filter, by the last day that was paid."""
    due_back = -col(StatementRow.balance_minor) - col(StatementRow.returned_minor)
    columns = {"event": col(Event.search), "amount": due_back}
    order = ordered(paging, columns, col(PerDiemSheet.last_day), col(StatementRow.id))
    rows = _debtors(caller.projects, wanted, caller.language).order_by(*order)
    page = await paged(db, rows, paging)
    return Page([Debtor(*row) for row in page.rows], page.total, page.page, page.limit)


async def waiting_events(
    db: AsyncSession, caller: Caller, what: Waiting, wanted: SheetFilter, paging: Paging
) -> Page[WaitingEvent]:
    """Events with receipts that nobody decided on, or with people on approved sheets who cannot be paid, and how many.

    Of the filter only project and event count: a receipt is in no sheet yet.
    """
    rows = _undecided(caller.projects) if what is Waiting.receipts else _unpayable(caller.projects)
    if wanted.project_id:
        rows = rows.where(Event.project_id == wanted.project_id)
    if wanted.event_id:
        rows = rows.where(Event.id == wanted.event_id)
    by_event = rows.with_only_columns(Event.id, func.count().label("count"), maintain_column_froms=True)
    grouped = by_event.group_by(Event.id).subquery()
    columns = {
        "event": col(Event.search),
        "days": col(Event.first_day),
        "people": grouped.c.count,
    }
    shown = (
        sa.select(Event, grouped.c.count)
        .join(grouped, grouped.c.id == Event.id)
        .order_by(*ordered(paging, columns, col(Event.last_day), col(Event.id)))
    )
    page = await paged(db, shown, paging)
    return Page([WaitingEvent(*row) for row in page.rows], page.total, page.page, page.limit)


async def to_choose_from(db: AsyncSession, caller: Caller) -> tuple[Sequence[tuple[UUID, str]], Sequence[str]]:
    """Events that have sheets, the newest first, and the currencies of all sheets: for a filter."""
    wanted: Any = (
        sa.select(col(Event.id), event_title(caller.language), col(PerDiemSheet.currency), col(Event.first_day))
        .join(PerDiemSheet, col(PerDiemSheet.event_id) == Event.id)
        .where(col(PerDiemSheet.project_id).in_(caller.projects))
        .distinct()
        .order_by(col(Event.first_day).desc(), col(Event.id))
        .limit(_TO_CHOOSE_FROM)
    )
    rows = (await db.exec(wanted)).all()
    say = words(caller.language)
    events = {id: f"{title} ({say.day(day, 'medium')})" for id, title, _, day in rows}
    return list(events.items()), sorted({currency for _, _, currency, _ in rows})
