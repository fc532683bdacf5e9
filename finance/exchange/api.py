"""Exchange rates for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, UploadFile

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.tables import read_workbook
from core.i18n import words
from core.paging import PageOut, page_out
from core.text import Blank
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from directory.imports.schemas import ImportOut
from directory.projects.service import get_project
from finance.exchange import service
from finance.exchange.rules import ExchangeSource
from finance.exchange.schemas import (
    ExchangePaging,
    ExchangeRateOut,
    ExchangeRuleIn,
    ExchangeRuleOut,
    ExchangeSearch,
    FoundExchangeOut,
    NewExchangeList,
)

router = APIRouter(prefix="/api/v1/projects/{project_id}", tags=["rates"], route_class=StrictRoute)


@router.get("/exchange-rule", response_model=ExchangeRuleOut)
async def get_rule(project_id: UUID, caller: MoneyReader, db: ReadDb) -> ExchangeRuleOut:
    """By which rates the project converts, and which day's."""
    await get_project(db, project_id, caller)
    return ExchangeRuleOut.of(await service.get_rule(db, project_id))


@router.put("/exchange-rule", response_model=ExchangeRuleOut)
async def save_rule(project_id: UUID, given: ExchangeRuleIn, caller: Finance, db: Db, at: Moment) -> ExchangeRuleOut:
    """Change it. What was converted keeps its rate."""
    return ExchangeRuleOut.of(await service.save_rule(db, project_id, given, caller, at=at))


@router.get("/exchange-rates", response_model=PageOut[ExchangeRateOut])
async def list_rates(
    project_id: UUID,
    caller: MoneyReader,
    db: ReadDb,
    page_request: ExchangePaging,
    source: Annotated[ExchangeSource | None, Blank] = None,
    currency: Annotated[str, Query(max_length=3)] = "",
) -> dict[str, Any]:
    """The imported rates, the newest first. The reference rates of the European Central Bank are there beside them."""
    page = await service.list_rates(db, project_id, caller, page_request, source=source, currency=currency)
    return page_out(page, [ExchangeRateOut.of(row) for row in page.rows])


@router.post("/exchange-lists", status_code=201, response_model=ImportOut)
async def import_list(
    project_id: UUID,
    file: UploadFile,
    source: Annotated[str, Form(max_length=32)],
    caller: Finance,
    at: Moment,
    database: DatabaseHandle,
    day: Annotated[str, Form(max_length=20)] = "",
    preview: Annotated[bool, Form()] = False,
) -> ImportOut:
    """Import a list (CSV, XLSX, XLS or ODS) of currency, units, rate and day. Rates that are there already stay as they
    are, and a line says so; every faulty line is named, and nothing is kept then. With `preview` the answer says line
    by line what importing will do, and `POST /api/v1/imports/{id}/application` does it."""
    said = NewExchangeList.said(source, day)
    name = file.filename or ""
    workbook = await read_workbook(name, await file.read())
    async with database.unit_of_work() as db:
        made = await service.start_list(db, project_id, said.source, said.day, name, workbook, caller, at=at)
        if not preview:
            made = await service.import_whole_list(db, made, caller, at=at)
        return ImportOut.of(made, words(caller.language))


@router.get("/exchange/search", response_model=FoundExchangeOut)
async def search(
    project_id: UUID, wanted: Annotated[ExchangeSearch, Query()], caller: MoneyReader, db: ReadDb
) -> FoundExchangeOut:
    """What turns one currency into another on a day: that day’s rate, or that of the last working day before within a
    week; null where the source has none."""
    source, found = await service.search(db, project_id, wanted, caller)
    return FoundExchangeOut.of(found, source)
