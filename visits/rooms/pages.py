"""Rooms of a visit: proposed, confirmed, changed, and held against the block."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.pages import Typed, form_again, render, see_other, ticked
from core.web import checked, checked_fields
from core.zones import day_in
from directory.accounts.access import Caller, Organiser
from events.programme.events.service import get_event
from visits.checks.rules import TravelFinding
from visits.checks.sentences import sentence
from visits.hotels.rules import BOARDS, ROOM_TYPES
from visits.rooms import service
from visits.rooms.rules import room_findings
from visits.rooms.schemas import ConfirmedRooms, GuestsIn, RoomIn, RoomSort

router = APIRouter(include_in_schema=False)
PAGE, ONE = "visits/rooms.html", "visits/room.html"


@router.get("/events/{event_id}/rooms")
async def rooms(
    request: Request, event_id: UUID, caller: Organiser, db: ReadDb, at: Moment, sort: RoomSort
) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, at=at, sort=sort))


@router.post("/events/{event_id}/rooms/confirm")
async def confirm(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, at=at), typed):
        given: ConfirmedRooms = checked(ConfirmedRooms, {"keys": ticked(typed, "keys")})
        count = await service.confirm(db, event_id, given.keys, caller, at=at)
    said = NN_("One room has its guests.", "%(num)s rooms have their guests.")
    return see_other(request, f"/events/{event_id}/rooms", said, count=count)


@router.post("/events/{event_id}/hotels/{hotel_id}/rooms")
async def add_room(
    request: Request, event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, at=at), typed):
        room = await service.add_room(db, event_id, hotel_id, checked_fields(typed, RoomIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/rooms/{room.id}", N_("The room is entered."))


@router.get("/events/{event_id}/rooms/{room_id}")
async def room(request: Request, event_id: UUID, room_id: UUID, caller: Organiser, db: ReadDb, at: Moment) -> Response:
    return render(request, ONE, **await _room_view(db, event_id=event_id, room_id=room_id, caller=caller, at=at))


@router.post("/events/{event_id}/rooms/{room_id}")
async def change_room(
    request: Request, event_id: UUID, room_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_room_view, event_id=event_id, room_id=room_id, caller=caller, at=at), typed):
        # A box that is not ticked is not sent.
        given: RoomIn = checked_fields({"pays_extras": "no", **typed}, RoomIn)
        await service.change_room(db, event_id, room_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/rooms", N_("Saved."))


@router.post("/events/{event_id}/rooms/{room_id}/remove")
async def remove_room(
    request: Request, event_id: UUID, room_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.remove_room(db, event_id, room_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/rooms", N_("The room is removed; its guests keep their nights."))


@router.post("/events/{event_id}/rooms/{room_id}/guests")
async def put_into_room(
    request: Request, event_id: UUID, room_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_room_view, event_id=event_id, room_id=room_id, caller=caller, at=at), typed):
        given: GuestsIn = checked(GuestsIn, {"stays": ticked(typed, "stays")})
        await service.put_into_room(db, event_id, room_id, given.stays, caller, at=at)
    return see_other(request, f"/events/{event_id}/rooms/{room_id}", N_("Saved."))


@router.post("/events/{event_id}/stays/{stay_id}/leave-room")
async def take_out(
    request: Request, event_id: UUID, stay_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.take_out_of_room(db, event_id, stay_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/rooms", N_("Taken out of the room; the nights stay."))


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, at: datetime, sort: str = ""
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    shown = await service.rooms_of(db, event, sort)
    findings: dict[str, dict[tuple[object, ...], TravelFinding]] = {}
    for one in shown.hotels:
        uses = [line.use for line in one.by_number]
        told = room_findings([block.held for block in one.blocks], uses)
        for found in (finding for findings_of in told.values() for finding in findings_of):
            # What concerns all guests of a room is said of it once.
            findings.setdefault(found.keys[0], {})[found.code, *found.keys, *found.numbers.values()] = found
    return {
        "tab": "stays",
        "part": "rooms",
        "event": event,
        "shown": shown,
        "findings": {key: list(of.values()) for key, of in findings.items()},
        "sentence": sentence,
        "today": day_in(event.zone, at=at),
        "room_types": ROOM_TYPES,
        "boards": BOARDS,
        "history": await audit.history(db, event_id),
    }


async def _room_view(
    db: AsyncSession, *, event_id: UUID, room_id: UUID, caller: Caller, at: datetime
) -> Mapping[str, object]:
    view = await _view(db, event_id=event_id, caller=caller, at=at)
    found = await service.room_in(db, event_id, room_id)
    shown = view["shown"]
    one = next(hotel for hotel in shown.hotels if hotel.hotel.id == found.hotel_id)  # type: ignore[attr-defined]
    line = next(line for line in one.rooms if line.room.id == room_id)
    elsewhere = [guest for other in one.rooms if other is not line for guest in other.guests]
    return {**view, "hotel": one.hotel, "line": line, "free": [*one.waiting, *elsewhere]}
