"""Hotels of a visit: their address, and the rooms that they keep."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields
from directory.accounts.access import Caller, Organiser
from events.programme.events.service import get_event
from visits.hotels import service
from visits.hotels.rules import BOARDS, ROOM_TYPES
from visits.hotels.schemas import BlockIn, HotelIn

router = APIRouter(include_in_schema=False)
NEW, ONE = "visits/hotel_new.html", "visits/hotel.html"


@router.get("/events/{event_id}/hotels/new")
async def new(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, NEW, **await _new_view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/hotels/new")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(NEW, partial(_new_view, event_id=event_id, caller=caller), typed):
        hotel = await service.add_hotel(db, event_id, checked_fields(typed, HotelIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/hotels/{hotel.id}", N_("The hotel is entered."))


@router.get("/events/{event_id}/hotels/{hotel_id}")
async def one(request: Request, event_id: UUID, hotel_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ONE, **await _view(db, event_id=event_id, hotel_id=hotel_id, caller=caller))


@router.post("/events/{event_id}/hotels/{hotel_id}")
async def change(
    request: Request, event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_view, event_id=event_id, hotel_id=hotel_id, caller=caller), typed):
        await service.change_hotel(db, event_id, hotel_id, checked_fields(typed, HotelIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/hotels/{hotel_id}", N_("Saved."))


@router.post("/events/{event_id}/hotels/{hotel_id}/remove")
async def remove(
    request: Request, event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_view, event_id=event_id, hotel_id=hotel_id, caller=caller), typed):
        await service.remove_hotel(db, event_id, hotel_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/rooms", N_("The hotel is removed."))


@router.post("/events/{event_id}/hotels/{hotel_id}/blocks")
async def add_block(
    request: Request, event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_view, event_id=event_id, hotel_id=hotel_id, caller=caller), typed):
        await service.add_block(db, event_id, hotel_id, checked_fields(typed, BlockIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/hotels/{hotel_id}", N_("The block is entered."))


@router.get("/events/{event_id}/blocks/{block_id}")
async def block(request: Request, event_id: UUID, block_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ONE, **await _block_view(db, event_id=event_id, block_id=block_id, caller=caller))


@router.post("/events/{event_id}/blocks/{block_id}")
async def change_block(
    request: Request, event_id: UUID, block_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_block_view, event_id=event_id, block_id=block_id, caller=caller), typed):
        kept = await service.change_block(db, event_id, block_id, checked_fields(typed, BlockIn), caller, at=at)
    return see_other(request, f"/events/{event_id}/hotels/{kept.hotel_id}", N_("Saved."))


@router.post("/events/{event_id}/blocks/{block_id}/remove")
async def remove_block(
    request: Request, event_id: UUID, block_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    hotel_id = await service.remove_block(db, event_id, block_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/hotels/{hotel_id}", N_("The block is removed."))


async def _new_view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return _names() | {"event": event, "fields": {}, "history": await audit.history(db, event_id)}


async def _view(
    db: AsyncSession, *, event_id: UUID, hotel_id: UUID, caller: Caller, edited: UUID | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    hotel = await service.hotel_in(db, event_id, hotel_id)
    blocks = [block for block in await service.list_blocks(db, event_id) if block.hotel_id == hotel_id]
    return _names() | {
        "event": event,
        "hotel": hotel,
        "fields": hotel.model_dump(),
        "blocks": blocks,
        "edited": next((block for block in blocks if block.id == edited), None),
        "history": await audit.history(db, event_id),
    }


async def _block_view(db: AsyncSession, *, event_id: UUID, block_id: UUID, caller: Caller) -> Mapping[str, object]:
    await get_event(db, event_id, caller)
    found = await service.block_in(db, event_id, block_id)
    return await _view(db, event_id=event_id, hotel_id=found.hotel_id, caller=caller, edited=block_id)


def _names() -> dict[str, object]:
    return {
        "tab": "stays",
        "part": "rooms",
        "room_types": ROOM_TYPES,
        "boards": BOARDS,
        "countries": country_codes(),
    }
