"""By which rates a project converts: its rule, its imported rates, and what they make of two currencies and a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.tables import Workbook
from core.errors import N_, NotFound, Unacceptable, UnacceptableFields
from core.paging import Page, Paging, ordered, paged
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.imports import service as imports
from directory.imports.models import ListImport
from directory.imports.rules import IMPORTABLE, CannotUndo, ImportRow, ImportState, Verdict
from directory.imports.schemas import Choices, Reading
from directory.imports.service import ImportOutcome, Purpose
from directory.projects.service import get_project
from finance.exchange.models import ExchangeList, ExchangeRate, ExchangeRule
from finance.exchange.reader import ecb_rate
from finance.exchange.rules import (
    FIELDS,
    LISTED,
    ExchangeRates,
    ExchangeSource,
    FoundExchange,
    ToldRate,
    base_of,
    find_exchange,
    has_exchange_rates,
    told_rate,
)
from finance.exchange.schemas import ExchangeRuleIn, ExchangeSearch

EXCHANGE = "exchange"
NEEDS = N_("The headings have to name the columns currency and exchange rate (or selling).")
MOST_NAMED = 100
HALF = Decimal("0.5")


async def get_rule(db: AsyncSession, project_id: UUID) -> ExchangeRule:
    """The project's rule; where it has none, the one that converts nothing."""
    return await db.get(ExchangeRule, project_id) or ExchangeRule(project_id=project_id)


async def save_rule(
    db: AsyncSession, project_id: UUID, given: ExchangeRuleIn, caller: Caller, *, at: datetime
) -> ExchangeRule:
    """Say by which rates the project converts from now on; what was converted keeps its rate."""
    await get_project(db, project_id, caller)
    rule = await get_rule(db, project_id)
    rule.source, rule.day = given.source, given.day
    db.add(rule)
    audit.record(
        db,
        "exchange.rule-changed",
        project_id,
        at=at,
        project_id=project_id,
        **caller.signature,
        source=given.source.value,
        day=given.day.value,
    )
    await db.flush()
    return rule


async def exchange_rates(db: AsyncSession, project_id: UUID, source: ExchangeSource) -> ExchangeRates:
    """All rates of a source that the project may use, in one query: its own, and the history of the European Central
    Bank."""
    found = await db.exec(_in_use(project_id).where(ExchangeRate.source == source))
    reference = ecb_rate if source is ExchangeSource.ecb else None
    return ExchangeRates(source, tuple(_told(row) for row in found), reference)


def _in_use(project_id: UUID) -> Any:
    return select(ExchangeRate).where(ExchangeRate.project_id == project_id, col(ExchangeRate.replaced_at).is_(None))


def _told(row: ExchangeRate) -> ToldRate:
    return ToldRate(row.currency, Decimal(row.units), Decimal(row.amount), row.valid_from, row.valid_to)


async def list_rates(
    db: AsyncSession,
    project_id: UUID,
    caller: Caller,
    page_request: Paging,
    *,
    source: ExchangeSource | None = None,
    currency: str = "",
) -> Page[ExchangeRate]:
    """The imported rates of a project that are in use, the newest first."""
    await get_project(db, project_id, caller)
    query = _in_use(project_id)
    if source:
        query = query.where(ExchangeRate.source == source)
    if currency:
        query = query.where(ExchangeRate.currency == currency)
    order = [col(ExchangeRate.valid_from).desc(), col(ExchangeRate.source), col(ExchangeRate.currency)]
    columns = {
        "source": col(ExchangeRate.source),
        "currency": col(ExchangeRate.currency),
        "day": col(ExchangeRate.valid_from),
    }
    page: Page[ExchangeRate] = await paged(db, query.order_by(*ordered(page_request, columns, *order)), page_request)
    return page


async def start_list(
    db: AsyncSession,
    project_id: UUID,
    source: ExchangeSource,
    day: date | None,
    name: str,
    workbook: Workbook,
    caller: Caller,
    *,
    at: datetime,
) -> ListImport:
    """Read a list of a source's rates and say line by line what importing it will do. `day` is that of lines that name
    none."""
    await get_project(db, project_id, caller)
    if source not in LISTED:
        raise Unacceptable("source", N_("Please choose one of the list."))
    of = ExchangeList(
        project_id=project_id, source=source, day=day, name=name[:200], imported_at=at, imported_by=caller.account_id
    )
    db.add(of)
    await db.flush()
    return await imports.start(db, EXCHANGE, project_id, of.id, name, workbook, caller, at=at)


async def import_whole_list(db: AsyncSession, upload: ListImport, caller: Caller, *, at: datetime) -> ListImport:
    """Import a list that was read, for a program: raises Unacceptable or UnacceptableFields with what is wrong line by
    line, and nothing is kept. Rates that are there already stay as they are."""
    if upload.state is ImportState.unmapped:
        raise Unacceptable("file", NEEDS)
    rows = Reading.of(upload).rows
    wrong = [row for row in rows if row.verdict is Verdict.wrong][:MOST_NAMED]
    if wrong:
        raise UnacceptableFields(
            {f"{row.number}.{note.field or 'line'}": (note.text, note.facts) for row in wrong for note in row.notes}
        )
    if not any(row.verdict in IMPORTABLE for row in rows):
        return upload
    return await imports.apply(db, upload.id, caller, at=at)


async def judge(db: AsyncSession, upload: ListImport, choices: Choices, reading: Reading) -> None:
    """Against the rates that the project has of that source: new, there already, or another one for the same day."""
    of = await db.get_one(ExchangeList, upload.about_id)
    known = await _by_day(db, of)
    reference = ecb_rate if base_of(of.source) == "EUR" else None
    wanted = [row for row in reading.rows if row.verdict not in (Verdict.wrong, Verdict.skipped)]
    lines = [(row, told) for row in wanted if (told := _line(row, of)) is not None]
    # A slip shows beside the other lines of the list as much as beside what was there before.
    around = {key: _told(rate) for key, rate in known.items()}
    around |= {(told.currency, told.valid_from): told for _, told in lines}
    before = ExchangeRates(of.source, tuple(around.values()), reference)
    seen: dict[tuple[str, date], int] = {}
    for row, told in lines:
        key = (told.currency, told.valid_from)
        first = seen.setdefault(key, row.number)
        if first != row.number:
            row.mark(Verdict.wrong, N_("Line %(line)s names this currency for the same day already."), line=first)
            continue
        there = known.get(key)
        if there is None:
            _point_at_jump(row, told, before)
            continue
        row.known_id = there.id
        if (Decimal(there.units), Decimal(there.amount)) == (told.units, told.amount):
            row.verdict = Verdict.already
        else:
            row.verdict = Verdict.differs
            row.known = {"value": there.units if base_of(of.source) == "EUR" else there.amount}


def _point_at_jump(row: ImportRow, told: ToldRate, before: ExchangeRates) -> None:
    """A rate of half or twice the one before is more often a mark in the wrong place than a devaluation."""
    last = before.told(told.currency, told.valid_from - timedelta(days=1))
    if last is None or HALF < (told.units * last.amount) / (told.amount * last.units) < 2:
        return
    shown = last.units if last.amount == 1 else last.amount
    row.mark(row.verdict, N_("The rate before was %(rate)s. Is this one written as meant?"), "value", rate=f"{shown:f}")


def _line(row: ImportRow, of: ExchangeList) -> ToldRate | None:
    if not row.values.get("currency"):
        row.mark(Verdict.wrong, N_("Please fill this in."), "currency")
        return None
    if row.values["currency"] == base_of(of.source):
        row.mark(Verdict.skipped, N_("This is the currency in which the source tells its rates."))
        return None
    told = told_rate(row.values, of.source, of.day)
    if told is None:
        is_dated = row.values.get("valid_from") or of.day
        # Banks leave the field of notes empty where they sell none.
        row.mark(Verdict.skipped if is_dated else Verdict.wrong, *_missing[bool(is_dated)])
        return None
    if told.valid_to and told.valid_to < told.valid_from:
        row.mark(Verdict.wrong, N_("The last day is before the first."), "valid_to")
        return None
    row.values["valid_from"] = told.valid_from.isoformat()
    return told


_missing = {
    True: (N_("No rate of this source stands in the line."), "value"),
    False: (N_("The line names no day. Please say for which day or month the list is."), "valid_from"),
}


async def _by_day(db: AsyncSession, of: ExchangeList) -> dict[tuple[str, date], ExchangeRate]:
    found = await db.exec(_in_use(of.project_id).where(ExchangeRate.source == of.source))
    return {(row.currency, row.valid_from): row for row in found}


async def apply(
    db: AsyncSession,
    upload: ListImport,
    rows: Sequence[ImportRow],
    reading: Reading,
    caller: Caller,
    *,
    at: datetime,
) -> ImportOutcome:
    """Add the rates of these lines. One that the project has otherwise stays, unless the person said to take over what
    the list says: then it is marked as replaced, and the history says how many were."""
    of = await db.get_one(ExchangeList, upload.about_id)
    take_over = Choices.of(upload).take_over
    known = await _by_day(db, of)
    outcome = ImportOutcome(made={"rates": [], "replaced": []})
    for row in rows:
        told = told_rate(row.values, of.source, of.day)
        if told is None:
            continue
        there = known.get((told.currency, told.valid_from))
        if there is not None and not take_over:
            continue
        if there is not None:
            there.replaced_at = at
            outcome.made["replaced"].append(str(there.id))
            outcome.changed += 1
            await db.flush()
        rate = ExchangeRate(
            project_id=of.project_id,
            list_id=of.id,
            source=of.source,
            currency=told.currency,
            units=f"{told.units:f}",
            amount=f"{told.amount:f}",
            valid_from=told.valid_from,
            valid_to=told.valid_to,
        )
        db.add(rate)
        outcome.made["rates"].append(str(rate.id))
        outcome.added += there is None
    audit.record(
        db,
        "exchange.imported",
        of.project_id,
        at=at,
        project_id=of.project_id,
        **caller.signature,
        source=of.source.value,
        added=outcome.added,
        replaced=outcome.changed,
    )
    await db.flush()
    return outcome


async def undo(db: AsyncSession, upload: ListImport, made: dict[str, Any], caller: Caller, *, at: datetime) -> int:
    """Rates that came with the list go, and those that they took the place of are in use again. What was converted
    keeps its rate."""
    ids = [UUID(id) for id in made.get("rates", ())]
    in_use = (await db.exec(select(ExchangeRate.id).where(col(ExchangeRate.id).in_(ids)))).all()
    if not in_use:
        raise CannotUndo()
    gone = await db.exec(
        delete(ExchangeRate).where(col(ExchangeRate.id).in_(in_use), col(ExchangeRate.replaced_at).is_(None))
    )
    for id in (UUID(one) for one in made.get("replaced", ())):
        await _use_again(db, id)
    return gone.rowcount


async def _use_again(db: AsyncSession, rate_id: UUID) -> None:
    """Unless a later list has told the day anew."""
    row = await db.get(ExchangeRate, rate_id)
    if row is None:
        return
    same = _in_use(row.project_id).where(
        ExchangeRate.source == row.source,
        ExchangeRate.currency == row.currency,
        ExchangeRate.valid_from == row.valid_from,
    )
    if (await db.exec(same)).first() is None:
        await db.exec(update(ExchangeRate).where(col(ExchangeRate.id) == row.id).values(replaced_at=None))


async def _must_be_there(db: AsyncSession, list_id: UUID) -> None:
    if await db.get(ExchangeList, list_id) is None:
        raise NotFound()


LIST = Purpose(
    name=EXCHANGE,
    title=N_("Exchange rates"),
    right=Right.finance,
    fields=FIELDS,
    is_enough=has_exchange_rates,
    needs=NEEDS,
    judge=judge,
    apply=apply,
    undo=undo,
    leads_to=lambda upload: f"/projects/{upload.project_id}/exchange",
    must_be_open=_must_be_there,
)


async def search(
    db: AsyncSession, project_id: UUID, wanted: ExchangeSearch, caller: Caller
) -> tuple[ExchangeSource, FoundExchange | None]:
    """What turns one currency into another on a day, by the source that was named or the project's."""
    await get_project(db, project_id, caller)
    source = wanted.source or (await get_rule(db, project_id)).source
    rates = await exchange_rates(db, project_id, source)
    return source, find_exchange(rates, wanted.currency, wanted.into, wanted.day)
