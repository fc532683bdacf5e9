"""Counts of diets for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.db import ReadDb
from core.documents.sheets import TABLE_FILE, Ending
from core.i18n import words
from core.pages import serve_table
from core.web import StrictRoute
from directory.accounts.access import ProjectReader
from events.programme.events.service import get_event
from visits.meals import service
from visits.meals.documents import meals_table
from visits.meals.schemas import MealOut

router = APIRouter(prefix="/api/v1/events/{event_id}/meals", tags=["travel"], route_class=StrictRoute)


@router.get("", response_model=list[MealOut])
async def meals(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[MealOut]:
    """How many eat what at each meal of the programme: who is there by their legs, nights and sign-ups. Never names."""
    return [MealOut.of(one) for one in await service.meals_of(db, await get_event(db, event_id, caller))]


@router.get(".{ending}", response_class=Response, responses=TABLE_FILE)
async def meals_file(event_id: UUID, ending: Ending, caller: ProjectReader, db: ReadDb) -> Response:
    """The same as a table, in your language. Never names."""
    event = await get_event(db, event_id, caller)
    say = words(caller.language)
    rows = meals_table(event, await service.meals_of(db, event), say)
    return await serve_table("meals", say.translate("Meals"), rows, ending)
