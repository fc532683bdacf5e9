"""Rooming lists for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.documents.sheets import XLSX
from core.web import StrictRoute, download
from directory.accounts.access import Organiser
from events.programme.events.service import get_event
from visits.rooming_lists import service
from visits.rooming_lists.schemas import ListFileIn, RoomingListLines, RoomingListOut

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["travel"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, XLSX: {}}}}


@router.post("/hotels/{hotel_id}/rooming-lists", status_code=201, response_model=RoomingListOut)
async def freeze(event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment) -> RoomingListOut:
    """Freeze the next version, with what differs from the one before. 409 where nothing does."""
    return RoomingListOut.of(await service.freeze(db, event_id, hotel_id, caller, at=at))


@router.get("/rooming-lists", response_model=list[RoomingListOut])
async def rooming_lists(event_id: UUID, caller: Organiser, db: ReadDb) -> list[RoomingListOut]:
    """All versions of all hotels, the latest first."""
    await get_event(db, event_id, caller)
    return [RoomingListOut.of(one) for one in await service.list_lists(db, event_id)]


@router.get("/rooming-lists/{list_id}", response_model=RoomingListLines)
async def rooming_list(event_id: UUID, list_id: UUID, caller: Organiser, db: ReadDb) -> RoomingListLines:
    """A version as it was frozen."""
    return RoomingListLines.with_lines(*await service.get_list(db, event_id, list_id, caller))


@router.post("/rooming-lists/{list_id}/file", response_class=Response, responses=FILE)
async def file(event_id: UUID, list_id: UUID, given: ListFileIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """A version as PDF or XLSX for one recipient, who stands on every page; the history keeps for whom."""
    content, name = await service.file_of(db, event_id, list_id, given, caller, at=at)
    return download(content, PDF if given.ending == "pdf" else XLSX, name)


@router.post("/rooming-lists/{list_id}/mail", status_code=204)
async def write_to_hotel(event_id: UUID, list_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Write a mail to the hotel with this version, as a draft that waits for somebody to send it."""
    await service.write_to_hotel(db, event_id, list_id, caller, at=at)
    return Response(status_code=204)
