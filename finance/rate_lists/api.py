"""Uploading a list of rates as a program."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.tables import read_workbook
from core.web import StrictRoute
from directory.accounts.access import Finance
from finance.rate_lists.service import read_whole_list
from finance.rates.models import RateTable
from finance.rates.rules import RateScope
from finance.rates.schemas import NewRateTable, RateTableOut
from finance.rates.service import new_table

router = APIRouter(prefix="/api/v1", tags=["rates"], route_class=StrictRoute)


@router.post("/projects/{project_id}/rate-tables", status_code=201, response_model=RateTableOut)
async def import_rates(
    project_id: UUID,
    file: UploadFile,
    caller: Finance,
    at: Moment,
    database: DatabaseHandle,
    rule_set: Annotated[str, Form(max_length=32)] = "eu_external",
    scope: Annotated[RateScope | None, Form()] = None,
    source: Annotated[str, Form(max_length=300)] = "",
) -> RateTable:
    """Read a list (CSV, XLSX, XLS or ODS) of country, city, grade, amounts, currency, valid from, valid to and source
    as a pending table: it counts once it is put into force. Every faulty line is named, and none is kept then."""
    given = NewRateTable.said(rule_set, scope, source)
    said = new_table(file.filename or "", given.rule_set, given.scope, given.source)
    workbook = await read_workbook(file.filename or "", await file.read())
    async with database.unit_of_work() as db:
        return await read_whole_list(db, project_id, said, workbook, caller, at=at)
