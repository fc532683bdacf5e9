"""Hotels and what they keep, for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from events.programme.events.service import get_event
from visits.hotels import service
from visits.hotels.schemas import BlockIn, BlockOut, HotelIn, HotelOut

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["travel"], route_class=StrictRoute)


@router.get("/hotels", response_model=list[HotelOut])
async def hotels(event_id: UUID, caller: Reader, db: ReadDb) -> list[HotelOut]:
    """The hotels of a visit, by name."""
    await get_event(db, event_id, caller)
    return [HotelOut.of(hotel) for hotel in await service.list_hotels(db, event_id)]


@router.post("/hotels", status_code=201, response_model=HotelOut)
async def add_hotel(event_id: UUID, given: HotelIn, caller: Organiser, db: Db, at: Moment) -> HotelOut:
    """A hotel in which people of the visit sleep."""
    return HotelOut.of(await service.add_hotel(db, event_id, given, caller, at=at))


@router.put("/hotels/{hotel_id}", response_model=HotelOut)
async def change_hotel(
    event_id: UUID, hotel_id: UUID, given: HotelIn, caller: Organiser, db: Db, at: Moment
) -> HotelOut:
    """Another name, address or telephone; calendars of its guests follow."""
    return HotelOut.of(await service.change_hotel(db, event_id, hotel_id, given, caller, at=at))


@router.delete("/hotels/{hotel_id}", status_code=204)
async def remove_hotel(event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a hotel away in which nobody sleeps. 409 while nights, rooms or lists hang on it."""
    await service.remove_hotel(db, event_id, hotel_id, caller, at=at)
    return Response(status_code=204)


@router.get("/blocks", response_model=list[BlockOut])
async def blocks(event_id: UUID, caller: Reader, db: ReadDb) -> list[BlockOut]:
    """The rooms that hotels keep, as they begin."""
    await get_event(db, event_id, caller)
    return [BlockOut.of(block) for block in await service.list_blocks(db, event_id)]


@router.post("/hotels/{hotel_id}/blocks", status_code=201, response_model=BlockOut)
async def add_block(event_id: UUID, hotel_id: UUID, given: BlockIn, caller: Organiser, db: Db, at: Moment) -> BlockOut:
    """Rooms of one type that a hotel keeps for each night of a span."""
    return BlockOut.of(await service.add_block(db, event_id, hotel_id, given, caller, at=at))


@router.put("/blocks/{block_id}", response_model=BlockOut)
async def change_block(
    event_id: UUID, block_id: UUID, given: BlockIn, caller: Organiser, db: Db, at: Moment
) -> BlockOut:
    """Another number, span or rate, or rooms that are given back."""
    return BlockOut.of(await service.change_block(db, event_id, block_id, given, caller, at=at))


@router.delete("/blocks/{block_id}", status_code=204)
async def remove_block(event_id: UUID, block_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a block away."""
    await service.remove_block(db, event_id, block_id, caller, at=at)
    return Response(status_code=204)
