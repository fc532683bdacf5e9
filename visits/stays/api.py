"""Nights for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from events.programme.events.service import get_event
from visits.stays import service
from visits.stays.schemas import Booked, NightsDone, NightsGone, NightsIn, StayIn, StayOut

router = APIRouter(prefix="/api/v1/events/{event_id}/stays", tags=["travel"], route_class=StrictRoute)


@router.post("", status_code=201, response_model=Booked)
async def book_stays(event_id: UUID, given: StayIn, caller: Organiser, db: Db, at: Moment) -> Booked:
    """Enter the same nights for everybody with a place, or for those named."""
    return Booked(people=await service.book(db, event_id, given, caller, at=at))


@router.get("", response_model=list[StayOut])
async def stays(event_id: UUID, caller: Reader, db: ReadDb) -> list[StayOut]:
    """Everybody's nights, by check-in."""
    await get_event(db, event_id, caller)
    return [StayOut.of(stay) for stay in await service.list_stays(db, event_id)]


@router.post("/nights", response_model=NightsDone)
async def set_nights(event_id: UUID, given: NightsIn, caller: Organiser, db: Db, at: Moment) -> NightsDone:
    """Enter single nights of several people, in a hotel of the visit or in a town. What they had on these nights is
    replaced, all other nights stay; a room that has no bed left on the new nights is given up."""
    return await service.set_nights(db, event_id, given, caller, at=at)


@router.post("/nights/removal", response_model=NightsDone)
async def clear_nights(event_id: UUID, given: NightsGone, caller: Organiser, db: Db, at: Moment) -> NightsDone:
    """Take single nights of several people away; all other nights stay."""
    return await service.clear_nights(db, event_id, given, caller, at=at)


@router.delete("/{stay_id}", status_code=204)
async def remove_stay(event_id: UUID, stay_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take nights away that nobody sleeps there."""
    await service.remove_stay(db, event_id, stay_id, caller, at=at)
    return Response(status_code=204)
