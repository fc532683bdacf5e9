"""Outcomes of events for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from events.programme.events.service import get_event
from events.reporting.outcomes import service
from events.reporting.outcomes.models import EventOutcome
from events.reporting.outcomes.schemas import OutcomeIn, OutcomeOut

router = APIRouter(prefix="/api/v1", tags=["outcomes"], route_class=StrictRoute)


@router.get("/events/{event_id}/outcomes", response_model=list[OutcomeOut])
async def outcomes(event_id: UUID, caller: Reader, db: ReadDb) -> list[EventOutcome]:
    """Action points by their day, then recommendations and key messages."""
    await get_event(db, event_id, caller)
    return await service.list_outcomes(db, [event_id])


@router.post("/events/{event_id}/outcomes", status_code=201, response_model=OutcomeOut)
async def add(event_id: UUID, given: OutcomeIn, caller: Organiser, db: Db, at: Moment) -> EventOutcome:
    """Note an action point, a recommendation or a key message."""
    return await service.add_outcome(db, event_id, given, caller, at=at)


@router.put("/outcomes/{outcome_id}", response_model=OutcomeOut)
async def change(outcome_id: UUID, given: OutcomeIn, caller: Organiser, db: Db, at: Moment) -> EventOutcome:
    """Say anew what it is, who does it, until when and how far it is."""
    return await service.change_outcome(db, outcome_id, given, caller, at=at)


@router.delete("/outcomes/{outcome_id}", status_code=204)
async def remove(outcome_id: UUID, caller: Organiser, db: Db, at: Moment) -> None:
    """Take it off the event."""
    await service.remove_outcome(db, outcome_id, caller, at=at)
