"""What a list of rates leads to: a pending table with all of its lines, or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.tables import Workbook
from core.errors import N_, NotFound, Unacceptable, UnacceptableFields
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.imports import service as imports
from directory.imports.models import ListImport
from directory.imports.rules import IMPORTABLE, CannotUndo, ImportRow, ImportState, Verdict
from directory.imports.schemas import Choices, Reading
from directory.imports.service import ImportOutcome, Purpose
from finance.rate_lists.rules import FIELDS, has_rates, place_rate_of, problem_of
from finance.rates import service
from finance.rates.models import RateTable
from finance.rates.rules import RateScope, RateTableMoved, RateTableState, plain_city
from finance.rates.service import NewTable

RATES = "rates"
NEEDS = N_("The headings have to name the columns country (or grade), amount and currency.")
# So many faulty lines are named to a program; more say no more.
MOST_NAMED = 100


async def read_list(
    db: AsyncSession, project_id: UUID, said: NewTable, workbook: Workbook, caller: Caller, *, at: datetime
) -> tuple[RateTable, ListImport]:
    """A pending table of a list. Where every line is right, it has its rows; else the list waits to be corrected."""
    table = await service.start_table(db, project_id, said, caller, at=at)
    upload = await imports.start(db, RATES, project_id, table.id, said.name, workbook, caller, at=at)
    reading = Reading.of(upload)
    is_right = reading.rows and not reading.notes and all(row.verdict in IMPORTABLE for row in reading.rows)
    if upload.state is ImportState.previewed and is_right:
        upload = await imports.apply(db, upload.id, caller, at=at)
    return table, upload


async def read_whole_list(
    db: AsyncSession, project_id: UUID, said: NewTable, workbook: Workbook, caller: Caller, *, at: datetime
) -> RateTable:
    """The same for a program: raises Unacceptable or UnacceptableFields with what is wrong, line by line, and nothing
    is kept. Columns that are no rates are left out."""
    table, upload = await read_list(db, project_id, said, workbook, caller, at=at)
    if upload.state is ImportState.unmapped:
        raise Unacceptable("file", NEEDS)
    if upload.state is ImportState.previewed:
        reading = Reading.of(upload)
        wrong = [row for row in reading.rows if row.verdict is Verdict.wrong][:MOST_NAMED]
        if wrong:
            raise UnacceptableFields(
                {f"{row.number}.{note.field or 'line'}": (note.text, note.facts) for row in wrong for note in row.notes}
            )
        if not any(row.verdict in IMPORTABLE for row in reading.rows):
            raise Unacceptable("file", N_("This file is empty."))
        await imports.apply(db, upload.id, caller, at=at)
    return table


async def judge(db: AsyncSession, upload: ListImport, choices: Choices, reading: Reading) -> None:
    """Say of each line what is wrong with it; a place that is named twice for one day is, too."""
    table = await db.get_one(RateTable, upload.about_id)
    seen: dict[tuple[str, ...], int] = {}
    for row in reading.rows:
        if row.verdict in (Verdict.wrong, Verdict.skipped):
            continue
        by_contract = table.scope is RateScope.contract
        field, text = problem_of(row.values, by_contract=by_contract, has_source=bool(table.source))
        if text:
            row.mark(Verdict.wrong, text, field)
            continue
        place = plain_city(row.values.get("city", ""))
        key = (row.values.get("country", ""), place, *(row.values.get(n, "") for n in ("grade", "valid_from")))
        first = seen.setdefault(key, row.number)
        if first != row.number:
            row.mark(Verdict.wrong, N_("Line %(line)s names this place for the same day already."), line=first)


async def apply(
    db: AsyncSession,
    upload: ListImport,
    rows: Sequence[ImportRow],
    reading: Reading,
    caller: Caller,
    *,
    at: datetime,
) -> ImportOutcome:
    """The lines become rows of the pending table."""
    table = await db.get_one(RateTable, upload.about_id)
    await service.add_rows(db, table, [place_rate_of(row.values) for row in rows], caller, at=at)
    return ImportOutcome(added=len(rows))


async def undo(db: AsyncSession, upload: ListImport, made: dict[str, Any], caller: Caller, *, at: datetime) -> int:
    """A table that is in force is withdrawn on its own page, with a reason."""
    try:
        return await service.remove_rows(db, await db.get_one(RateTable, upload.about_id))
    except RateTableMoved:
        raise CannotUndo() from None


async def _must_be_pending(db: AsyncSession, table_id: UUID) -> None:
    table = await db.get(RateTable, table_id)
    if table is None:
        raise NotFound()
    if table.state is not RateTableState.pending:
        raise RateTableMoved()


LIST = Purpose(
    name=RATES,
    title=N_("Rate table"),
    right=Right.finance,
    fields=FIELDS,
    is_enough=has_rates,
    needs=NEEDS,
    judge=judge,
    apply=apply,
    undo=undo,
    leads_to=lambda upload: f"/rate-tables/{upload.about_id}",
    must_be_open=_must_be_pending,
    is_whole=True,
)
