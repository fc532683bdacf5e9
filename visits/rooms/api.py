"""Rooms for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.programme.events.service import get_event
from visits.rooms import service
from visits.rooms.schemas import ConfirmedRooms, GuestsIn, RoomIn, RoomOut, RoomsMade, RoomSort, RoomsOut

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["travel"], route_class=StrictRoute)


@router.get("/rooms", response_model=RoomsOut)
async def rooms(event_id: UUID, caller: Organiser, db: ReadDb, sort: RoomSort) -> RoomsOut:
    """All rooms by their numbers, or as `sort` says, with who sleeps in them, what is proposed for those without one,
    and whom somebody has to ask first."""
    return RoomsOut.of(await service.rooms_of(db, await get_event(db, event_id, caller), sort))


@router.post("/rooms/confirmation", response_model=RoomsMade)
async def confirm(event_id: UUID, given: ConfirmedRooms, caller: Organiser, db: Db, at: Moment) -> RoomsMade:
    """Make proposed rooms. 409 where nights, wishes or rooms have changed meanwhile."""
    return RoomsMade(rooms=await service.confirm(db, event_id, given.keys, caller, at=at))


@router.post("/hotels/{hotel_id}/rooms", status_code=201, response_model=RoomOut)
async def add_room(event_id: UUID, hotel_id: UUID, given: RoomIn, caller: Organiser, db: Db, at: Moment) -> RoomOut:
    """An empty room of a hotel."""
    return RoomOut.without_guests(await service.add_room(db, event_id, hotel_id, given, caller, at=at))


@router.put("/rooms/{room_id}", status_code=204)
async def change_room(event_id: UUID, room_id: UUID, given: RoomIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """Another type, number of the hotel, or board. 409 where its guests do not fit any more."""
    await service.change_room(db, event_id, room_id, given, caller, at=at)
    return Response(status_code=204)


@router.delete("/rooms/{room_id}", status_code=204)
async def remove_room(event_id: UUID, room_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a room away; its guests keep their nights."""
    await service.remove_room(db, event_id, room_id, caller, at=at)
    return Response(status_code=204)


@router.post("/rooms/{room_id}/guests", status_code=204)
async def put_into_room(
    event_id: UUID, room_id: UUID, given: GuestsIn, caller: Organiser, db: Db, at: Moment
) -> Response:
    """Put stays into a room. 409 where it has no bed left on one of their nights."""
    await service.put_into_room(db, event_id, room_id, given.stays, caller, at=at)
    return Response(status_code=204)


@router.delete("/stays/{stay_id}/room", status_code=204)
async def take_out_of_room(event_id: UUID, stay_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take somebody out of their room; the nights stay."""
    await service.take_out_of_room(db, event_id, stay_id, caller, at=at)
    return Response(status_code=204)
