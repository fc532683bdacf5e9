"""Unit costs of travel for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.tables import best_sheet, read_workbook
from core.paging import Count, PageOut, page_of, page_out
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from directory.projects.service import get_project
from finance.unit_costs import service
from finance.unit_costs.schemas import (
    UnitBandOut,
    UnitClaimOut,
    UnitCostIn,
    UnitCostPaging,
    UnitCostRowOut,
    UnitCostsIn,
    read_bands,
)

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/events/{event_id}/unit-costs", response_model=PageOut[UnitCostRowOut])
async def unit_costs(event_id: UUID, caller: MoneyReader, db: ReadDb, paging: UnitCostPaging) -> dict[str, Any]:
    """Everybody with the distance that was measured, the band it falls into, and what was entered."""
    _, rows = await service.rows_of(db, event_id, caller)
    page = page_of(rows, paging, service.UNIT_COST_SORTS)
    items = []
    for row in page.rows:
        proposed = UnitBandOut.of(row.band) if row.band else None
        entered = UnitClaimOut.of(row.entered) if row.entered else None
        items.append(UnitCostRowOut.of_person(row.registration.id, row.person.name, row.measured, proposed, entered))
    return page_out(page, items)


@router.post("/events/{event_id}/unit-costs", response_model=Count)
async def take_over(event_id: UUID, given: UnitCostsIn, caller: Finance, db: Db, at: Moment) -> Count:
    """Enter what is proposed for these people; all or none."""
    return Count(count=await service.take_over(db, event_id, given.registrations, caller, at=at))


@router.put("/events/{event_id}/unit-costs/{registration_id}", response_model=UnitClaimOut)
async def set_unit_cost(
    event_id: UUID, registration_id: UUID, given: UnitCostIn, caller: Finance, db: Db, at: Moment
) -> UnitClaimOut:
    """By distance, or an amount with its source."""
    return UnitClaimOut.of(await service.set_unit_cost(db, event_id, registration_id, given, caller, at=at))


@router.delete("/events/{event_id}/unit-costs/{registration_id}", status_code=204)
async def remove(event_id: UUID, registration_id: UUID, caller: Finance, db: Db, at: Moment) -> Response:
    """Pay no unit for this journey."""
    await service.remove_unit_cost(db, event_id, registration_id, caller, at=at)
    return Response(status_code=204)


@router.get("/projects/{project_id}/unit-cost-bands", response_model=list[UnitBandOut])
async def bands(project_id: UUID, caller: MoneyReader, db: ReadDb) -> list[UnitBandOut]:
    """The project's distance bands; those of C(2021)35 where it has imported none."""
    project = await get_project(db, project_id, caller)
    return [UnitBandOut.of(one) for one in await service.bands_of(db, project.id)]


@router.post("/projects/{project_id}/unit-cost-bands", status_code=201, response_model=list[UnitBandOut])
async def import_bands(project_id: UUID, file: UploadFile, caller: Finance, db: Db, at: Moment) -> list[UnitBandOut]:
    """A CSV or XLSX with from km, to km, amount, currency and source, in place of the bands before."""
    workbook = await read_workbook(file.filename or "", await file.read())
    table = read_bands(workbook.sheets[best_sheet(workbook)].lines)
    await service.import_bands(db, project_id, table, caller, at=at)
    return [UnitBandOut.of(one) for one in table]
