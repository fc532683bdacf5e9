"""The waiting list as JSON."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from core.db import ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.invitations.waiting_list import service
from events.invitations.waiting_list.rules import Chance
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["capacity"], route_class=StrictRoute)


class Waits(BaseModel):
    """Somebody who waits, and what chance they have."""

    position: int
    invitation_id: UUID
    name: str
    since: datetime
    is_first: bool
    chance: Chance


@router.get("/events/{event_id}/waiting-list", response_model=list[Waits])
async def waiting_list(event_id: UUID, caller: Organiser, db: ReadDb) -> list[Waits]:
    """Who waits, in order. Chances are judged by how many gave places back in the project's events before."""
    event = await get_event(db, event_id, caller)
    return [
        Waits(
            position=position,
            invitation_id=r.invitation_id,
            name=person.name,
            since=r.registered_at,
            is_first=r.priority > 0,
            chance=chance,
        )
        for position, r, person, chance in await service.forecast(db, event)
    ]
