"""Drafts of what is to be paid, worked out anew each time, and submitting them: what was worked out is frozen."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.money import Money
from core.rows import add_rows
from directory.accounts.access import Caller
from directory.people.models import Institution
from directory.projects.models import Project
from directory.projects.service import must_reach
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event, lock_event_for
from finance.rates.models import RateRow
from finance.rates.service import keep_in_force
from finance.rules.lines import ZERO, PayLine
from finance.sheets import rules
from finance.sheets.models import PerDiemLine, PerDiemSheet, StatementRow
from finance.sheets.rules import GIVEN, Difference, SheetState
from finance.statements.rules import PersonStatement, statement_meant, statement_told
from finance.statements.service import EventStatements, work_out


@dataclass(frozen=True)
class EventSheets:
    """What is paid for an event.

    `drafts` are, by currency of payment, of all who are on no sheet yet or get something else than approved sheets gave
    them; then the sheets there are, newest first, and by submitted sheet what has changed since.
    """

    event: Event
    project: Project
    worked_out: EventStatements
    drafts: Mapping[str, Sequence[PersonStatement]]
    sheets: Sequence[PerDiemSheet]
    changed: Mapping[UUID, Sequence[Difference]]

    @property
    def is_draft_open(self) -> bool:
        return any(one.is_open for mine in self.drafts.values() for one in mine)


async def sheets_of(db: AsyncSession, event: Event, *, at: datetime) -> EventSheets:
    """The same number of queries for five people and five thousand."""
    project = await db.get_one(Project, event.project_id)
    sheets = await list_sheets(db, event.id)
    entries = await _entries(db, sheets)
    given: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    waiting: dict[tuple[UUID, str], StatementRow] = {}
    for sheet, entry in entries:
        if sheet.state in GIVEN:
            given[entry.registration_id][sheet.currency] += entry.balance(sheet.currency)
        else:
            waiting[entry.registration_id, sheet.currency] = entry
    found = await work_out(db, event, project, given, at=at)
    drafts: dict[str, list[PersonStatement]] = {}
    now = {(one.registration_id, one.currency): one for one in found.statements}
    for key, one in now.items():
        is_given = one.registration_id in given and one.currency in given[one.registration_id]
        if key not in waiting and (one.balance != ZERO or not is_given):
            drafts.setdefault(one.currency, []).append(one)
    changed: dict[UUID, list[Difference]] = defaultdict(list)
    for (registration_id, currency), entry in waiting.items():
        fresh = now.get((registration_id, currency))
        balance = fresh.balance if fresh else ZERO
        if balance != entry.balance(currency):
            told = Difference(registration_id, entry.name, entry.balance(currency), balance)
            changed[entry.sheet_id].append(told)
    return EventSheets(event, project, found, dict(sorted(drafts.items())), sheets, changed)


async def list_sheets(db: AsyncSession, event_id: UUID) -> list[PerDiemSheet]:
    """All that there ever were of an event, the newest first."""
    wanted = select(PerDiemSheet).where(PerDiemSheet.event_id == event_id)
    return list(await db.exec(wanted.order_by(col(PerDiemSheet.submitted_at).desc(), col(PerDiemSheet.id).desc())))


def submitted_anew(sheet: PerDiemSheet, sheets: Sequence[PerDiemSheet]) -> PerDiemSheet | None:
    """What a returned or recalled sheet was handed in as again, of all sheets of its event: the next one of its
    institution, or of everybody. None while it was not."""
    later = [
        one
        for one in sheets
        if one.currency == sheet.currency
        and one.number > sheet.number
        and (one.institution_key == sheet.institution_key or not (one.institution_key and sheet.institution_key))
    ]
    return min(later, key=lambda one: one.number, default=None)


async def institutions_of(db: AsyncSession, sheets: Sequence[PerDiemSheet]) -> dict[UUID, str]:
    """Names of the institutions that sheets are of, by their id."""
    ids = {one.institution_id for one in sheets if one.institution_id}
    if not ids:
        return {}
    found = await db.exec(select(Institution.id, Institution.name).where(col(Institution.id).in_(ids)))
    return dict(found.all())


async def _entries(db: AsyncSession, sheets: Sequence[PerDiemSheet]) -> list[tuple[PerDiemSheet, StatementRow]]:
    """Everybody on sheets that count or wait."""
    by_id = {sheet.id: sheet for sheet in sheets if sheet.state not in rules.DEAD}
    if not by_id:
        return []
    found = await db.exec(select(StatementRow).where(col(StatementRow.sheet_id).in_(by_id)))
    return [(by_id[one.sheet_id], one) for one in found]


async def submit(
    db: AsyncSession, event_id: UUID, caller: Caller, *, institution_id: UUID | None = None, at: datetime
) -> list[PerDiemSheet]:
    """Freeze what is worked out, of everybody or of one institution, and hand it to finance: a sheet a currency.

    Submitting twice is submitting once. Raises NothingToPay, SheetOpen, AttendanceMissing, PeriodClosed.
    """
    event = await lock_event_for(db, event_id, caller)
    found = await sheets_of(db, event, at=at)
    drafts = {
        currency: [one for one in mine if institution_id is None or one.institution_id == institution_id]
        for currency, mine in found.drafts.items()
    }
    drafts = {currency: mine for currency, mine in drafts.items() if mine}
    if not drafts:
        waiting = _waiting(found, institution_id)
        if waiting:
            return waiting
        raise rules.NothingToPay()
    _must_be_whole(found, [one for mine in drafts.values() for one in mine])
    lines = [line for mine in drafts.values() for one in mine for line in one.lines]
    await keep_in_force(db, {line.found.row.row_id for line in lines if line.found and line.found.row.row_id})
    sheets = []
    for currency, mine in drafts.items():
        key = str(institution_id or "")
        if any((s.currency, s.institution_key, s.state) == (currency, key, SheetState.submitted) for s in found.sheets):
            # Somebody came to be paid after it was submitted: they wait for the next version.
            continue
        sheets.append(await _freeze(db, found, currency, mine, institution_id, caller, at=at))
    return sheets or _waiting(found, institution_id)


def _waiting(found: EventSheets, institution_id: UUID | None) -> list[PerDiemSheet]:
    """Sheets that were submitted for the same people before."""
    waiting = [one for one in found.sheets if one.state is SheetState.submitted]
    return [one for one in waiting if institution_id is None or one.institution_id == institution_id]


def _must_be_whole(found: EventSheets, statements: Collection[PersonStatement]) -> None:
    if found.project.requires_attendance and not found.worked_out.is_signed:
        raise rules.AttendanceMissing()
    missing = {one.registration_id for one in statements if one.is_open}
    if missing:
        raise rules.SheetOpen(people=len(missing))
    closed = found.worked_out.rules.closed_until
    # A statement without lines, of who lost the place, is of the event's days.
    days = {line.day for one in statements for line in one.lines}
    days |= {found.event.first_day for one in statements if not one.lines}
    if closed and any(day <= closed for day in days):
        raise rules.PeriodClosed(day=closed)


async def _freeze(
    db: AsyncSession,
    found: EventSheets,
    currency: str,
    statements: Sequence[PersonStatement],
    institution_id: UUID | None,
    caller: Caller,
    *,
    at: datetime,
) -> PerDiemSheet:
    event, key = found.event, str(institution_id or "")
    earlier = [one for one in found.sheets if (one.currency, one.institution_key) == (currency, key)]
    days = [line.day for one in statements for line in one.lines] or [event.first_day, event.last_day]
    sheet = PerDiemSheet(
        project_id=event.project_id,
        event_id=event.id,
        currency=currency,
        institution_id=institution_id,
        institution_key=key,
        version=max((one.version for one in earlier), default=0) + 1,
        number=max((one.number for one in found.sheets if one.currency == currency), default=0) + 1,
        rule_set=found.worked_out.basis.rule_set,
        basis=_basis(found.worked_out),
        people=len(statements),
        first_day=min(days),
        last_day=max(days),
        total_minor=_minor(sum((one.to_pay or ZERO for one in statements), ZERO), currency),
        return_minor=_minor(sum((one.to_return or ZERO for one in statements), ZERO), currency),
        submitted_at=at,
        submitted_by=caller.account_id,
    )
    db.add(sheet)
    await db.flush()
    await add_rows(db, StatementRow, [_person(sheet, number, one) for number, one in enumerate(statements, 1)])
    lines = [_line(sheet, one, number, line) for one in statements for number, line in enumerate(one.lines, 1)]
    await add_rows(db, PerDiemLine, lines)
    audit.record(
        db,
        "per-diem.submitted",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        sheet=sheet.id,
        currency=currency,
        version=sheet.version,
        total=str(sheet.total.amount),
    )
    await db.flush()
    return sheet


def _basis(found: EventStatements) -> dict[str, Any]:
    kept = found.rules
    return {
        "rule_set": found.basis.rule_set,
        "version": found.basis.version,
        "switches": kept.switches,
        "contract_date": kept.contract_date.isoformat() if kept.contract_date else None,
        "official_days": kept.official_days,
        "attendance": found.decides,
    }


def _minor(amount: Decimal, currency: str) -> int:
    return Money(amount, currency).minor


def _person(sheet: PerDiemSheet, number: int, one: PersonStatement) -> dict[str, Any]:
    return {
        "event_id": sheet.event_id,
        "sheet_id": sheet.id,
        "registration_id": one.registration_id,
        "number": number,
        "name": one.name,
        "institution": one.institution,
        "earned_minor": _minor(one.earned or ZERO, sheet.currency),
        "balance_minor": _minor(one.balance or ZERO, sheet.currency),
        "content": statement_told(one),
        "reasons": [each.reason for each in one.adjustments],
    }


def _line(sheet: PerDiemSheet, one: PersonStatement, number: int, line: PayLine) -> dict[str, Any]:
    return {
        "sheet_id": sheet.id,
        "registration_id": one.registration_id,
        "number": number,
        "kind": line.kind,
        "day": line.day,
        "currency": line.currency,
        "amount_minor": _minor(line.amount, line.currency),
        "rate_row_id": line.found.row.row_id if line.found else None,
        "content": line.to_json(),
    }


async def get_sheet(db: AsyncSession, sheet_id: UUID, caller: Caller, *, lock: bool = False) -> PerDiemSheet:
    """A sheet of a project that the caller may reach. Raises NotFound."""
    wanted = select(PerDiemSheet).where(PerDiemSheet.id == sheet_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    sheet = (await db.exec(wanted)).first()
    if sheet is None:
        raise NotFound()
    must_reach(sheet.project_id, "per_diem_sheet", sheet.id, caller)
    return sheet


async def lock_sheet(db: AsyncSession, sheet_id: UUID, caller: Caller) -> PerDiemSheet:
    """The sheet under its event's lock, as submissions take it. Raises NotFound."""
    sheet = await get_sheet(db, sheet_id, caller)
    await lock_event(db, sheet.event_id)
    return await get_sheet(db, sheet_id, caller, lock=True)


async def statements_on(
    db: AsyncSession, sheet: PerDiemSheet, *, only: Collection[UUID] | None = None
) -> list[PersonStatement]:
    """What a sheet says, in its order, of everybody or of some: two queries."""
    people = select(StatementRow).where(StatementRow.sheet_id == sheet.id).order_by(col(StatementRow.number))
    rows = select(PerDiemLine).where(PerDiemLine.sheet_id == sheet.id).order_by(col(PerDiemLine.number))
    if only is not None:
        people = people.where(col(StatementRow.registration_id).in_(only))
        rows = rows.where(col(PerDiemLine.registration_id).in_(only))
    lines: dict[UUID, list[PayLine]] = defaultdict(list)
    for row in await db.exec(rows):
        lines[row.registration_id].append(PayLine.from_json(row.content))
    return [
        statement_meant(
            one.content,
            registration_id=one.registration_id,
            name=one.name,
            institution=one.institution,
            currency=sheet.currency,
            lines=lines.get(one.registration_id, ()),
            reasons=one.reasons,
        )
        for one in await db.exec(people)
    ]


async def earned_before(db: AsyncSession, sheet: PerDiemSheet) -> dict[UUID, Decimal]:
    """What each person earned before: by the last sheet that counts, of whichever institution, and of whom none
    counts by the version before, where that was returned or recalled. Empty for a first version."""
    found = await db.exec(
        select(PerDiemSheet, StatementRow.registration_id, StatementRow.earned_minor)
        .join(StatementRow, col(StatementRow.sheet_id) == PerDiemSheet.id)
        .where(
            PerDiemSheet.event_id == sheet.event_id,
            PerDiemSheet.currency == sheet.currency,
            col(PerDiemSheet.id) < sheet.id,
        )
        .order_by(col(PerDiemSheet.id))
    )
    rows = found.all()
    mine = set(
        await db.exec(select(StatementRow.registration_id).where(StatementRow.sheet_id == sheet.id)) if rows else ()
    )
    given = {id: minor for one, id, minor in rows if one.state in GIVEN and id in mine}
    key = sheet.institution_key
    last = max((one.version for one, _, _ in rows if one.institution_key == key), default=0)
    dead = {
        id: minor
        for one, id, minor in rows
        if (one.institution_key, one.version) == (key, last) and one.state in rules.DEAD
    }
    return {id: Money.of_minor(minor, sheet.currency).amount for id, minor in (dead | given).items()}


async def event_sheets(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> EventSheets:
    """`sheets_of` for whoever may reach the event. Raises NotFound."""
    return await sheets_of(db, await get_event(db, event_id, caller), at=at)


async def is_on_approved(db: AsyncSession, registration_id: UUID) -> bool:
    """Whether a sheet that counts gives this person something."""
    found = await db.exec(
        select(StatementRow.id)
        .join(PerDiemSheet, col(PerDiemSheet.id) == StatementRow.sheet_id)
        .where(StatementRow.registration_id == registration_id, col(PerDiemSheet.state).in_(rules.GIVEN))
        .limit(1)
    )
    return found.first() is not None


async def uses_of_table(db: AsyncSession, table_id: UUID) -> int:
    """How many lines of sheets were worked out with a rate table."""
    rows = select(RateRow.id).where(RateRow.table_id == table_id)
    return (
        await db.exec(select(sa.func.count(col(PerDiemLine.id))).where(col(PerDiemLine.rate_row_id).in_(rows)))
    ).one()
