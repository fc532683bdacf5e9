"""Counts of diets for each meal, on a page and as a file for hosts."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core import audit
from core.db import ReadDb
from core.documents.sheets import Ending
from core.errors import N_
from core.i18n import Words, words
from core.pages import render, serve_table
from core.web import language_of
from directory.accounts.access import ProjectReader
from events.programme.events.models import Event
from events.programme.events.rules import SESSION_KINDS
from events.programme.events.service import get_event
from visits.meals import service
from visits.meals.rules import DIETS, Diet, MealCount

router = APIRouter(include_in_schema=False)


@router.get("/events/{event_id}/meals")
async def meals(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    event = await get_event(db, event_id, caller)
    return render(
        request,
        "visits/meals.html",
        tab="stays",
        part="meals",
        event=event,
        meals=await service.meals_of(db, event),
        kinds=SESSION_KINDS,
        diets={diet.value: name for diet, name in DIETS.items()},
        history=await audit.history(db, event_id),
    )


@router.get("/events/{event_id}/meals.{ending}")
async def meals_file(request: Request, event_id: UUID, ending: Ending, caller: ProjectReader, db: ReadDb) -> Response:
    event = await get_event(db, event_id, caller)
    say = words(language_of(request))
    rows = _rows(event, await service.meals_of(db, event), say)
    return await serve_table("meals", say.translate("Meals"), rows, ending)


def _rows(event: Event, meals: list[MealCount], say: Words) -> list[list[object]]:
    """A row a meal, a column for each diet that is eaten at all, what has no code in words at the end."""
    used = [diet for diet in Diet if any(diet.value in one.counts for one in meals)]
    heads = [say.translate(name) for name in (N_("Day"), N_("Meal"), N_("Time"), N_("People"), N_("No special diet"))]
    names = [f"{diet.value} {say.translate(DIETS[diet])}" for diet in used]
    rows: list[list[object]] = [[*heads, *names, say.translate("Without a code")]]
    for one in meals:
        meal = one.meal
        texts = "; ".join(f"{text} ({people})" for text, people in one.texts)
        rows.append(
            [
                meal.day,
                say.translate(SESSION_KINDS[meal.kind]),
                say.time(meal.starts, event.zone),
                one.total,
                one.counts.get("", 0),
                *(one.counts.get(diet.value, 0) for diet in used),
                texts,
            ]
        )
    return rows
