"""Unit costs of an event's journeys, and a project's distance bands."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.tables import best_sheet, read_workbook
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, render, see_other, ticked
from core.paging import Paging, page_of
from core.web import checked, checked_fields
from directory.accounts.access import Caller, Finance, MoneyReader
from directory.projects.service import get_project
from finance.unit_costs import service
from finance.unit_costs.rules import shipped_bands
from finance.unit_costs.schemas import UnitCostIn, UnitCostPaging, UnitCostsIn, read_bands

router = APIRouter(include_in_schema=False)
ALL, BANDS = "finance/unit_costs.html", "finance/unit_cost_bands.html"


@router.get("/events/{event_id}/unit-costs")
async def unit_costs(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, paging: UnitCostPaging
) -> Response:
    return render(request, ALL, **await _view(db, event_id=event_id, caller=caller, paging=paging))


@router.post("/events/{event_id}/unit-costs")
async def take_over(request: Request, event_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        given: UnitCostsIn = checked(UnitCostsIn, {"registrations": ticked(typed, "registrations")})
        count = await service.take_over(db, event_id, given.registrations, caller, at=at)
    return see_other(request, f"/events/{event_id}/unit-costs", N_("Entered: %(count)s."), count=count)


@router.post("/events/{event_id}/unit-costs/one")
async def set_unit_cost(
    request: Request, event_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        of = checked(UUID, typed.get("registration_id", ""))
        given: UnitCostIn = checked_fields(typed, UnitCostIn)
        await service.set_unit_cost(db, event_id, of, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/unit-costs", N_("Saved."))


@router.post("/events/{event_id}/unit-costs/{registration_id}/remove")
async def remove(
    request: Request, event_id: UUID, registration_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.remove_unit_cost(db, event_id, registration_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/unit-costs", N_("Removed."))


@router.get("/projects/{project_id}/unit-cost-bands")
async def bands(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, BANDS, **await _bands_view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/unit-cost-bands")
async def import_bands(
    request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: TypedWithFiles
) -> Response:
    with form_again(BANDS, partial(_bands_view, project_id=project_id, caller=caller), typed):
        workbook = await read_workbook(*await chosen_file(typed))
        table = read_bands(workbook.sheets[best_sheet(workbook)].lines)
        await service.import_bands(db, project_id, table, caller, at=at)
    return see_other(request, f"/projects/{project_id}/unit-cost-bands", N_("These bands hold from now on."))


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, paging: Paging = Paging(1, 50)
) -> Mapping[str, object]:
    event, rows = await service.rows_of(db, event_id, caller)
    return {
        "event": event,
        "tab": "per-diem",
        "page": page_of(rows, paging, service.UNIT_COST_SORTS),
        "people": {str(row.registration.id): row.person.name for row in rows},
        "history": await audit.history(db, event_id),
    }


async def _bands_view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    table = await service.bands_of(db, project.id)
    return {"project": project, "bands": table, "is_shipped": table == shipped_bands()}
