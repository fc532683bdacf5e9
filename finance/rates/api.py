"""Rate tables for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from directory.projects.service import get_project
from finance.rates import service
from finance.rates.models import RateTable
from finance.rates.rules import NO_RATE, RATE_LEVELS
from finance.rates.schemas import (
    FoundRateOut,
    ListedRateTableOut,
    RateDifferenceOut,
    RateRowPaging,
    RateSearch,
    RateTableOut,
    RateTablePaging,
    RateTableRowsOut,
    ShippedIn,
    ShippedTableOut,
    WithdrawalIn,
)
from finance.rates.shipped import SHIPPED

router = APIRouter(prefix="/api/v1", tags=["rates"], route_class=StrictRoute)


@router.get("/projects/{project_id}/rate-tables", response_model=PageOut[ListedRateTableOut])
async def list_tables(
    project_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment, page_request: RateTablePaging
) -> dict[str, Any]:
    """The rate tables of a project, the latest first. Those in force add up: none replaces another."""
    page = await service.list_tables(db, project_id, caller, page_request, at=at)
    return page_out(page, [ListedRateTableOut.listed(one) for one in page.rows])


@router.get("/projects/{project_id}/shipped-rate-tables", response_model=list[ShippedTableOut])
async def shipped(project_id: UUID, caller: MoneyReader, db: ReadDb) -> list[ShippedTableOut]:
    """Tables that come with Heyet, for a project to take over."""
    await get_project(db, project_id, caller)
    return [ShippedTableOut.of(one) for one in SHIPPED]


@router.post("/projects/{project_id}/shipped-rate-tables", status_code=201, response_model=RateTableOut)
async def take_over(project_id: UUID, given: ShippedIn, caller: Finance, db: Db, at: Moment) -> RateTableOut:
    """Take one of them over as a pending table: it counts once it is put into force."""
    return RateTableOut.of(await service.take_over(db, project_id, given.file, caller, at=at))


@router.get("/projects/{project_id}/rates/search", response_model=FoundRateOut)
async def search(
    project_id: UUID, wanted: Annotated[RateSearch, Query()], caller: MoneyReader, db: ReadDb
) -> FoundRateOut:
    """Which row holds for a place on a day, and why: that of the city, of the country, or of all other countries."""
    found, table = await service.search(db, project_id, wanted, caller)
    return FoundRateOut.of(
        found, table, words(caller.language).translate(RATE_LEVELS[found.level] if found else NO_RATE)
    )


@router.get("/rate-tables/{rate_table_id}", response_model=RateTableRowsOut)
async def get_table(
    rate_table_id: UUID, caller: MoneyReader, db: ReadDb, page_request: RateRowPaging
) -> RateTableRowsOut:
    """A table with a page of its rows."""
    table, _ = await service.get_table(db, rate_table_id, caller)
    return RateTableRowsOut.with_rows(table, await service.list_rows(db, table, page_request))


@router.get("/rate-tables/{rate_table_id}/difference", response_model=RateDifferenceOut)
async def difference(
    rate_table_id: UUID, caller: MoneyReader, db: ReadDb, page_request: RateRowPaging
) -> RateDifferenceOut:
    """What a table changes against the others of its rule set that are in force: changed places first, then new ones,
    then those that it does not name, which stay in force for their dates."""
    table, _ = await service.get_table(db, rate_table_id, caller)
    return RateDifferenceOut.of(await service.difference(db, table), page_request)


@router.post("/rate-tables/{rate_table_id}/in-force", response_model=RateTableOut)
async def put_in_force(rate_table_id: UUID, caller: Finance, db: Db, at: Moment) -> RateTable:
    """Put a pending table into force beside those that are."""
    return await service.put_in_force(db, rate_table_id, caller, at=at)


@router.delete("/rate-tables/{rate_table_id}", status_code=204)
async def discard(rate_table_id: UUID, caller: Finance, db: Db, at: Moment) -> None:
    """Remove a pending table."""
    await service.discard(db, rate_table_id, caller, at=at)


@router.post("/rate-tables/{rate_table_id}/withdrawal", response_model=RateTableOut)
async def withdraw(rate_table_id: UUID, given: WithdrawalIn, caller: Finance, db: Db, at: Moment) -> RateTable:
    """Withdraw a table by which no line of a sheet was worked out."""
    return await service.withdraw(db, rate_table_id, given.reason, caller, at=at)
