"""The project’s rates."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, ReadDb
from core.documents.tables import best_sheet, read_workbook
from core.errors import N_
from core.pages import TypedWithFiles, chosen_file, form_again, render, see_other
from directory.accounts.access import Caller, Finance, MoneyReader
from directory.projects.service import get_project
from finance.rates import service
from finance.rates.schemas import read_rates

router = APIRouter(include_in_schema=False)
RATES = "finance/rates.html"


@router.get("/projects/{project_id}/rates")
async def rates(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, RATES, **await _rates_view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/rates")
async def import_rates(
    request: Request, project_id: UUID, caller: Finance, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    with form_again(RATES, partial(_rates_view, project_id=project_id, caller=caller), typed):
        name, content = await chosen_file(typed)
        workbook = await read_workbook(name, content)
        found = read_rates(workbook.sheets[best_sheet(workbook)].lines)
        async with database.unit_of_work() as db:
            await service.import_rates(db, project_id, name, found, caller, at=at)
    return see_other(request, f"/projects/{project_id}/rates", N_("The rate table is in force now."))


async def _rates_view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    table, found = await service.rates_in_force(db, project_id)
    return {"project": project, "table": table, "rates": found}
