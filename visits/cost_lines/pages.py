"""The costs of a visit on one page."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import Ending
from core.errors import N_
from core.i18n import words
from core.pages import Typed, form_again, render, see_other, serve_table
from core.paging import sorted_rows
from core.web import checked_fields, language_of
from directory.accounts.access import Caller, MoneyReader, Organiser
from visits.cost_lines import service
from visits.cost_lines.rules import COST_HEADINGS, COST_STAGES, CostStage
from visits.cost_lines.schemas import BudgetIn, CostLineIn, CostPageSort
from visits.cost_lines.views import costs_table

router = APIRouter(include_in_schema=False)
PAGE, BUDGET = "visits/costs.html", "visits/visit_budget.html"


@router.get("/events/{event_id}/costs")
async def costs(
    request: Request,
    event_id: UUID,
    caller: MoneyReader,
    db: ReadDb,
    at: Moment,
    sort: CostPageSort,
    edit: UUID | None = None,
) -> Response:
    view = await _view(db, event_id=event_id, caller=caller, at=at, edit=edit)
    found = view["costs"]
    keys = service.cost_sorts(found, words(language_of(request)))
    people = sorted_rows(found.people, sort, service.person_sorts(found))
    return render(request, PAGE, **{**view, "items": sorted_rows(found.items, sort, keys), "travellers": people})


@router.get("/events/{event_id}/costs.{ending}")
async def costs_file(event_id: UUID, ending: Ending, caller: MoneyReader, db: ReadDb, at: Moment) -> Response:
    """Every line with its person, as a table."""
    found = await service.costs_of(db, event_id, caller, at=at)
    say = words(caller.language)
    rows = costs_table(found, say)
    return await serve_table("costs", say.translate("Costs"), rows, ending)


@router.get("/events/{event_id}/costs/budget")
async def budget(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, at: Moment) -> Response:
    return render(request, BUDGET, **await _budget_view(db, event_id=event_id, caller=caller, at=at))


@router.post("/events/{event_id}/costs/budget")
async def save_budget(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(BUDGET, partial(_budget_view, event_id=event_id, caller=caller, at=at), typed):
        given: BudgetIn = checked_fields(typed, BudgetIn)
        await service.save_budget(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/costs", N_("Saved."))


@router.post("/events/{event_id}/costs")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, at=at), typed):
        given: CostLineIn = checked_fields(typed, CostLineIn)
        await service.add_line(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/costs", N_("Saved."))


@router.post("/costs/{cost_line_id}")
async def change(request: Request, cost_line_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    line, event = await service.get_line(db, cost_line_id, caller)
    with form_again(PAGE, partial(_view, event_id=event.id, caller=caller, at=at, edit=line.id), typed):
        given: CostLineIn = checked_fields(typed, CostLineIn)
        await service.change_line(db, cost_line_id, given, caller, at=at)
    return see_other(request, f"/events/{event.id}/costs", N_("Saved."))


@router.post("/costs/{cost_line_id}/remove")
async def remove(request: Request, cost_line_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    event_id = await service.remove_line(db, cost_line_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/costs", N_("Removed."))


async def _budget_view(db: AsyncSession, *, event_id: UUID, caller: Caller, at: Moment) -> Mapping[str, object]:
    found = await service.costs_of(db, event_id, caller, at=at)
    history = await audit.history(db, event_id)
    return {"tab": "costs", "event": found.event, "history": history, "fields": BudgetIn.fields_of(found.budget)}


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, at: Moment, edit: UUID | None = None
) -> Mapping[str, Any]:
    found = await service.costs_of(db, event_id, caller, at=at)
    edited = (await service.get_line(db, edit, caller))[0] if edit else None
    return {
        "tab": "costs",
        "event": found.event,
        "history": await audit.history(db, event_id),
        "costs": found,
        "items": found.items,
        "travellers": found.people,
        "stages": COST_STAGES,
        "headings": COST_HEADINGS,
        "all_stages": list(CostStage),
        "people": {str(id): name for id, name in found.names.items()},
        "edited": edited,
        "fields": CostLineIn.fields_of(edited) if edited else {},
    }
