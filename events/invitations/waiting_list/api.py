"""The waiting list as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import ProjectReader, Releaser
from events.invitations.waiting_list import service
from events.invitations.waiting_list.schemas import Filled, Waits
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["capacity"], route_class=StrictRoute)


@router.get("/events/{event_id}/waiting-list", response_model=list[Waits])
async def waiting_list(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[Waits]:
    """Who waits, in order. Chances are judged by how many gave places back in the project's events before."""
    return [Waits.of(*one) for one in await service.forecast(db, await get_event(db, event_id, caller))]


@router.get("/events/{event_id}/waiting-list/promotion", response_model=Count)
async def who_moves_up(
    event_id: UUID,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    capacity: Annotated[int | None, Query(ge=0, le=100_000, description="As if the event had so many places.")] = None,
) -> Count:
    """How many of those who wait would get a place, and a mail at once, by themselves: before a capacity is raised."""
    event = await get_event(db, event_id, caller)
    return Count(count=await service.count_moving_up(db, event, at=at, places=capacity))


@router.post("/events/{event_id}/waiting-list/promotion", response_model=Filled)
async def fill(event_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed) -> Filled:
    """Give free places to those who wait, in order, also after the RSVP deadline, when nothing does so by itself."""
    return Filled(moved=await service.fill_by_hand(db, event_id, caller, settings, at=at))
