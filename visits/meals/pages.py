"""Counts of diets for each meal, on a page and as a file for hosts."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core import audit
from core.db import ReadDb
from core.documents.sheets import Ending
from core.i18n import words
from core.pages import render, serve_table
from core.web import language_of
from directory.accounts.access import ProjectReader
from events.programme.events.rules import SESSION_KINDS
from events.programme.events.service import get_event
from visits.meals import service
from visits.meals.documents import meals_table
from visits.meals.rules import DIETS

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
    rows = meals_table(event, await service.meals_of(db, event), say)
    return await serve_table("meals", say.translate("Meals"), rows, ending)
