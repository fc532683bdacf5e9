"""Costs of a visit for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import TABLE_FILE, Ending
from core.i18n import words
from core.pages import serve_table
from core.paging import sorted_rows
from core.web import StrictRoute
from directory.accounts.access import MoneyReader, Organiser
from visits.cost_lines import service
from visits.cost_lines.schemas import BudgetIn, CostLineIn, CostSort, CostsOut
from visits.cost_lines.views import costs_table

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/events/{event_id}/costs", response_model=CostsOut)
async def costs(event_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment, sort: CostSort) -> CostsOut:
    """What the visit costs: lines, fares and rooms, sums in the budget's currency, and EU unit costs of journeys."""
    found = await service.costs_of(db, event_id, caller, at=at)
    items = sorted_rows(found.items, sort, service.cost_sorts(found, words(caller.language)))
    return CostsOut.of(found.budget, found.totals, list(items), found.measured)


@router.get("/events/{event_id}/costs.{ending}", response_class=Response, responses=TABLE_FILE)
async def costs_file(event_id: UUID, ending: Ending, caller: MoneyReader, db: ReadDb, at: Moment) -> Response:
    """Every line with its person, as a table in your language."""
    say = words(caller.language)
    rows = costs_table(await service.costs_of(db, event_id, caller, at=at), say)
    return await serve_table("costs", say.translate("Costs"), rows, ending)


@router.put("/events/{event_id}/costs/budget", status_code=204)
async def save_budget(event_id: UUID, given: BudgetIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """What the visit may cost, and what other currencies are worth."""
    await service.save_budget(db, event_id, given, caller, at=at)
    return Response(status_code=204)


@router.post("/events/{event_id}/costs", status_code=201, response_model=CostsOut)
async def add(event_id: UUID, given: CostLineIn, caller: Organiser, db: Db, at: Moment) -> CostsOut:
    """One more cost."""
    await service.add_line(db, event_id, given, caller, at=at)
    found = await service.costs_of(db, event_id, caller, at=at)
    return CostsOut.of(found.budget, found.totals, list(found.items), found.measured)


@router.put("/costs/{cost_line_id}", status_code=204)
async def change(cost_line_id: UUID, given: CostLineIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """Another amount, heading or stage."""
    await service.change_line(db, cost_line_id, given, caller, at=at)
    return Response(status_code=204)


@router.delete("/costs/{cost_line_id}", status_code=204)
async def remove(cost_line_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a cost away."""
    await service.remove_line(db, cost_line_id, caller, at=at)
    return Response(status_code=204)
