"""Importing rates as a program."""

from uuid import UUID

from fastapi import APIRouter, Request, UploadFile

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.tables import best_sheet, read_workbook
from core.web import StrictRoute
from directory.accounts.access import Finance
from finance.rates import service
from finance.rates.models import RateTable
from finance.rates.schemas import RateTableOut, read_rates

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.post("/projects/{project_id}/rate-tables", status_code=201, response_model=RateTableOut)
async def import_rates(
    request: Request, project_id: UUID, file: UploadFile, caller: Finance, at: Moment, database: DatabaseHandle
) -> RateTable:
    """A CSV or XLSX with country, city, amount, currency, valid_from and source; in force from now on."""
    workbook = await read_workbook(file.filename or "", await file.read())
    rates = read_rates(workbook.sheets[best_sheet(workbook)].lines)
    async with database.unit_of_work() as db:
        return await service.import_rates(db, project_id, file.filename or "", rates, caller, at=at)
