"""Tables of rates: a list becomes a pending table, is compared with what is in force, and is put into force; those in
force add up."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.paging import Page, Paging, ordered, paged
from core.zones import utc_day
from directory.accounts.access import Caller
from directory.imports.service import remove_imports
from directory.projects.models import Project
from directory.projects.service import get_project, must_reach
from finance.rates.models import ListedTable, RateRow, RateTable
from finance.rates.rules import (
    Confidence,
    FoundRate,
    IndexedRates,
    PlaceRate,
    ProjectRates,
    RateChange,
    RatedRuleSet,
    RateScope,
    RateTableInUse,
    RateTableMoved,
    RateTableState,
    TakenOverAlready,
    compared,
    counted_changes,
)
from finance.rates.schemas import RateSearch
from finance.rates.shipped import SHIPPED, ShippedTable

# Filled by the wiring: the rule sets that there are, and who counts what was worked out with the rows of a table.
RULE_SETS: dict[str, RatedRuleSet] = {}
UsesOf = Callable[[AsyncSession, UUID], Awaitable[int]]
USES: list[UsesOf] = []


@dataclass(frozen=True)
class NewTable:
    """What is said of a list as a whole."""

    name: str
    rule_set: str = "eu_external"
    scope: RateScope = RateScope.travel
    source: str = ""
    confidence: Confidence = Confidence.own
    renewed: int = 12
    shipped: str = ""


async def project_rates(db: AsyncSession, project_id: UUID) -> ProjectRates:
    """All rows of all tables of a project that are in force, in one query; of two alike the table that was put into
    force later goes first."""
    return _by_rule_set(await _rows_in_force(db, project_id))


async def _rows_in_force(
    db: AsyncSession, project_id: UUID, *, rule_set: str = "", without: UUID | None = None
) -> Sequence[tuple[RateRow, RateTable]]:
    query = (
        select(RateRow, RateTable)
        .join(RateTable, col(RateRow.table_id) == col(RateTable.id))
        .where(RateTable.project_id == project_id, RateTable.state == RateTableState.in_force)
        .order_by(col(RateTable.in_force_at), col(RateTable.id), col(RateRow.id))
    )
    if rule_set:
        query = query.where(RateTable.rule_set == rule_set)
    if without:
        query = query.where(RateTable.id != without)
    return (await db.exec(query)).all()


def _by_rule_set(found: Iterable[tuple[RateRow, RateTable]]) -> ProjectRates:
    rows: dict[str, list[PlaceRate]] = {}
    for row, table in found:
        rows.setdefault(table.rule_set, []).append(place_rate(row, table))
    return ProjectRates({rule_set: IndexedRates(those) for rule_set, those in rows.items()})


def place_rate(row: RateRow, table: RateTable) -> PlaceRate:
    """A row as rules read it. Where it names no source, that of its table is its."""
    return PlaceRate(
        row.country,
        {name: Decimal(amount) for name, amount in row.amounts.items()},
        row.city,
        row.grade,
        row.currency,
        row.valid_from,
        row.valid_to,
        row.source or table.source,
        table.scope,
        row.id,
    )


async def list_tables(
    db: AsyncSession, project_id: UUID, caller: Caller, page_request: Paging, *, at: datetime
) -> Page[ListedTable]:
    """The tables of a project, the latest first."""
    await get_project(db, project_id, caller)
    columns = {
        "table": func.lower(col(RateTable.name)),
        "rules": col(RateTable.rule_set),
        "state": col(RateTable.state),
    }
    order = ordered(page_request, columns, col(RateTable.id).desc())
    query = select(RateTable).where(RateTable.project_id == project_id).order_by(*order)
    page = await paged(db, query, page_request)
    numbers = await _numbers(db, project_id)
    latest: dict[str, date] = {}
    for table, _, newest in numbers.values():
        if table.state is RateTableState.in_force:
            since = newest or utc_day(table.imported_at)
            latest[table.rule_set] = max(since, latest.get(table.rule_set, date.min))
    rows = [_listed(table, numbers, latest, at=at) for table in page.rows]
    return Page(rows, page.total, page.page, page.limit)


def _listed(
    table: RateTable,
    numbers: dict[UUID, tuple[RateTable, int, date | None]],
    latest: dict[str, date],
    *,
    at: datetime,
) -> ListedTable:
    _, count, newest = numbers[table.id]
    since = newest or utc_day(table.imported_at)
    # An older list that a newer one stands beside is there for older days and contracts: it warns of nothing.
    is_latest = table.state is RateTableState.in_force and since == latest[table.rule_set]
    months = (at.year - since.year) * 12 + at.month - since.month - (at.day < since.day)
    return ListedTable(table, count, newest, is_latest and months >= table.renewed)


async def _numbers(db: AsyncSession, project_id: UUID) -> dict[UUID, tuple[RateTable, int, date | None]]:
    found = await db.exec(
        select(RateTable, func.count(col(RateRow.id)), func.max(col(RateRow.valid_from)))
        .join(RateRow, col(RateRow.table_id) == col(RateTable.id), isouter=True)
        .where(RateTable.project_id == project_id)
        .group_by(col(RateTable.id))
    )
    return {table.id: (table, count, newest) for table, count, newest in found}


async def get_table(db: AsyncSession, table_id: UUID, caller: Caller) -> tuple[RateTable, Project]:
    """Raises NotFound, for another project's table too."""
    table = await db.get(RateTable, table_id)
    if table is None:
        raise NotFound()
    must_reach(table.project_id, "rate-table", table.id, caller)
    return table, await get_project(db, table.project_id, caller)


async def list_rows(db: AsyncSession, table: RateTable, page_request: Paging) -> Page[RateRow]:
    """The rows of a table by country, city, grade and day."""
    query = select(RateRow).where(RateRow.table_id == table.id)
    columns = {"place": col(RateRow.country), "from": col(RateRow.valid_from), "to": col(RateRow.valid_to)}
    usual = [col(RateRow.country), col(RateRow.city), col(RateRow.grade), col(RateRow.valid_from), col(RateRow.id)]
    return await paged(db, query.order_by(*ordered(page_request, columns, *usual)), page_request)


async def difference(db: AsyncSession, table: RateTable) -> list[RateChange]:
    """What a table changes against the others of its rule set that are in force."""
    rows = await db.exec(select(RateRow).where(RateRow.table_id == table.id).order_by(col(RateRow.id)))
    others = await _rows_in_force(db, table.project_id, rule_set=table.rule_set, without=table.id)
    return compared((place_rate(*one) for one in others), (place_rate(row, table) for row in rows))


def new_table(name: str, rule_set: str, scope: RateScope | None, source: str) -> NewTable:
    """What is said of a list; without a scope it is that of its rule set. Raises Unacceptable."""
    known = RULE_SETS.get(rule_set)
    if known is None:
        raise Unacceptable("rule_set", N_("Please choose one of the list."))
    return NewTable(name, rule_set, scope or known.scope, source, renewed=known.renewed)


async def start_table(db: AsyncSession, project_id: UUID, said: NewTable, caller: Caller, *, at: datetime) -> RateTable:
    """A pending table without rows: nobody pays by it before it is put into force."""
    await get_project(db, project_id, caller)
    table = RateTable(
        project_id=project_id,
        name=said.name[:200],
        rule_set=said.rule_set,
        scope=said.scope,
        source=said.source,
        confidence=said.confidence,
        renewed=said.renewed,
        shipped=said.shipped,
        imported_at=at,
        imported_by=caller.account_id,
    )
    db.add(table)
    await db.flush()
    return table


async def add_table(
    db: AsyncSession, project_id: UUID, said: NewTable, rows: Sequence[PlaceRate], caller: Caller, *, at: datetime
) -> RateTable:
    """A pending table with its rows."""
    table = await start_table(db, project_id, said, caller, at=at)
    await add_rows(db, table, rows, caller, at=at)
    return table


async def add_rows(
    db: AsyncSession, table: RateTable, rows: Sequence[PlaceRate], caller: Caller, *, at: datetime
) -> None:
    """Write the rows of a pending table."""
    db.add_all(
        RateRow(
            table_id=table.id,
            country=row.country,
            city=row.city,
            grade=row.grade,
            amounts={name: f"{amount:f}" for name, amount in row.amounts.items()},
            currency=row.currency,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
        )
        for row in rows
    )
    audit.record(
        db,
        "rates.imported",
        table.id,
        at=at,
        project_id=table.project_id,
        **caller.signature,
        rates=len(rows),
        rule_set=table.rule_set,
    )
    await db.flush()


async def remove_rows(db: AsyncSession, table: RateTable) -> int:
    """Take the rows of a pending table away again. Returns how many they were; raises RateTableMoved."""
    await db.refresh(table, with_for_update=True)
    if table.state is not RateTableState.pending:
        raise RateTableMoved()
    return (await db.exec(delete(RateRow).where(col(RateRow.table_id) == table.id))).rowcount


def shipped_named(file: str) -> ShippedTable:
    """A table that comes with Heyet. Raises NotFound."""
    found = next((one for one in SHIPPED if one.file == file), None)
    if found is None:
        raise NotFound()
    return found


async def taken_over(db: AsyncSession, project_id: UUID) -> dict[str, UUID]:
    """Tables that come with Heyet and the project has, pending or in force: the ids of its own by their files."""
    found = await db.exec(
        select(RateTable.shipped, RateTable.id).where(
            RateTable.project_id == project_id,
            RateTable.shipped != "",
            RateTable.state != RateTableState.withdrawn,
        )
    )
    return dict(found.all())


async def take_over(db: AsyncSession, project_id: UUID, file: str, caller: Caller, *, at: datetime) -> RateTable:
    """A table that comes with Heyet as a pending one of the project, with its source and how sure it is. Raises
    TakenOverAlready, NotFound."""
    one = shipped_named(file)
    if file in await taken_over(db, project_id):
        raise TakenOverAlready()
    said = NewTable(one.source, one.rule_set, one.scope, one.source, one.confidence, one.renewed, one.file)
    return await add_table(db, project_id, said, one.rows(), caller, at=at)


async def put_in_force(db: AsyncSession, table_id: UUID, caller: Caller, *, at: datetime) -> RateTable:
    """From now on its rows hold beside those of the tables in force. Raises RateTableMoved."""
    table, _ = await get_table(db, table_id, caller)
    changes = counted_changes(await difference(db, table))
    if not changes["new"] + changes["changed"] + changes["same"]:
        raise RateTableMoved()
    await _move(
        db,
        table,
        RateTableState.pending,
        {
            "state": RateTableState.in_force,
            "in_force_at": at,
            "in_force_by": caller.account_id,
            "summary": changes,
        },
    )
    audit.record(
        db,
        "rates.in-force",
        table.id,
        at=at,
        project_id=table.project_id,
        **caller.signature,
        rule_set=table.rule_set,
        new=changes["new"],
        changed=changes["changed"],
    )
    return table


async def discard(db: AsyncSession, table_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Remove a table that was never in force, with the list it came from. Returns its project. Raises
    RateTableMoved."""
    table, _ = await get_table(db, table_id, caller)
    project_id = table.project_id
    await remove_rows(db, table)
    await remove_imports(db, table.id)
    await db.delete(table)
    audit.record(db, "rates.discarded", table_id, at=at, project_id=project_id, **caller.signature)
    await db.flush()
    return project_id


async def withdraw(db: AsyncSession, table_id: UUID, reason: str, caller: Caller, *, at: datetime) -> RateTable:
    """A table in force no longer counts, as if it had never been put into force. Raises RateTableInUse where a line of
    a sheet was worked out with one of its rows, and RateTableMoved."""
    table, _ = await get_table(db, table_id, caller)
    await db.refresh(table, with_for_update=True)
    count = sum([await uses_of(db, table.id) for uses_of in USES])
    if count:
        raise RateTableInUse(count=count)
    await _move(
        db,
        table,
        RateTableState.in_force,
        {
            "state": RateTableState.withdrawn,
            "withdrawn_at": at,
            "withdrawn_by": caller.account_id,
            "reason": reason,
        },
    )
    audit.record(db, "rates.withdrawn", table.id, at=at, project_id=table.project_id, **caller.signature, reason=reason)
    return table


async def keep_in_force(db: AsyncSession, row_ids: Collection[UUID]) -> None:
    """Hold the tables of these rows until the unit of work ends: nobody withdraws them under a sheet that is submitted.

    Raises RateTableMoved where one was withdrawn meanwhile.
    """
    of_rows = select(RateRow.table_id).where(col(RateRow.id).in_(row_ids))
    wanted = select(RateTable).where(col(RateTable.id).in_(of_rows)).order_by(col(RateTable.id))
    held = await db.exec(wanted.with_for_update(read=True).execution_options(populate_existing=True))
    if any(table.state is not RateTableState.in_force for table in held):
        raise RateTableMoved()


async def _move(db: AsyncSession, table: RateTable, before: RateTableState, values: dict[str, object]) -> None:
    """Of two people at the same button one wins."""
    moved = await db.exec(
        update(RateTable).where(col(RateTable.id) == table.id, col(RateTable.state) == before).values(values)
    )
    if moved.rowcount != 1:
        raise RateTableMoved()
    await db.refresh(table)


async def search(
    db: AsyncSession, project_id: UUID, wanted: RateSearch, caller: Caller
) -> tuple[FoundRate | None, RateTable | None]:
    """The row that holds for a place, with its table."""
    await get_project(db, project_id, caller)
    found = await _rows_in_force(db, project_id, rule_set=wanted.rule_set)
    rates = _by_rule_set(found).dated(wanted.rule_set, contract_date=wanted.day, grade=wanted.grade)
    rate = rates.find(wanted.country, wanted.city, wanted.day)
    tables = {row.id: table for row, table in found}
    return rate, tables.get(rate.row.row_id) if rate and rate.row.row_id else None
