"""Counts of diets for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.db import ReadDb
from core.web import StrictRoute
from directory.accounts.access import ProjectReader
from events.programme.events.service import get_event
from visits.meals import service
from visits.meals.schemas import MealOut

router = APIRouter(prefix="/api/v1/events/{event_id}/meals", tags=["travel"], route_class=StrictRoute)


@router.get("", response_model=list[MealOut])
async def meals(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[MealOut]:
    """How many eat what at each meal of the programme: who is there by their legs, nights and sign-ups. Never names."""
    return [MealOut.of(one) for one in await service.meals_of(db, await get_event(db, event_id, caller))]
