"""Rooming lists: freezing one, and taking it along for somebody."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.documents.sheets import XLSX
from core.errors import N_
from core.i18n import LANGUAGES
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields, download
from directory.accounts.access import Caller, Organiser
from events.programme.events.service import get_event
from visits.rooming_lists import service
from visits.rooming_lists.rules import LINE_STATES
from visits.rooming_lists.schemas import ListFileIn
from visits.rooms.service import rooms_of

router = APIRouter(include_in_schema=False)
ALL, ONE = "visits/rooming_lists.html", "visits/rooming_list.html"


@router.get("/events/{event_id}/rooming-lists")
async def rooming_lists(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ALL, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/hotels/{hotel_id}/rooming-lists")
async def freeze(
    request: Request, event_id: UUID, hotel_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        made = await service.freeze(db, event_id, hotel_id, caller, at=at)
    said = N_("Version %(version)s is made.")
    return see_other(request, f"/events/{event_id}/rooming-lists/{made.id}", said, version=made.version)


@router.get("/events/{event_id}/rooming-lists/{list_id}")
async def rooming_list(request: Request, event_id: UUID, list_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, ONE, **await _list_view(db, event_id=event_id, list_id=list_id, caller=caller))


@router.post("/events/{event_id}/rooming-lists/{list_id}/file")
async def file(
    request: Request, event_id: UUID, list_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_list_view, event_id=event_id, list_id=list_id, caller=caller), typed):
        given: ListFileIn = checked_fields(typed, ListFileIn)
        content, name = await service.file_of(db, event_id, list_id, given, caller, at=at)
    return download(content, PDF if given.ending == "pdf" else XLSX, name)


@router.post("/events/{event_id}/rooming-lists/{list_id}/mail")
async def write_to_hotel(
    request: Request, event_id: UUID, list_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_list_view, event_id=event_id, list_id=list_id, caller=caller), typed):
        await service.write_to_hotel(db, event_id, list_id, caller, at=at)
    said = N_("The mail to the hotel is written, and waits for you to send it.")
    return see_other(request, f"/mail?about={event_id}&state=draft", said)


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    shown = await rooms_of(db, event)
    return {
        "tab": "stays",
        "part": "lists",
        "event": event,
        "hotels": [one.hotel for one in shown.hotels],
        "without_room": {
            one.hotel.id: [guest.name for guest in one.waiting if guest.has_place] for one in shown.hotels
        },
        "lists": await service.list_lists(db, event_id),
        "history": await audit.history(db, event_id),
    }


async def _list_view(db: AsyncSession, *, event_id: UUID, list_id: UUID, caller: Caller) -> Mapping[str, object]:
    one, lines = await service.get_list(db, event_id, list_id, caller)
    return {
        "tab": "stays",
        "part": "lists",
        "event": await get_event(db, event_id, caller),
        "list": one,
        "lines": lines,
        "states": LINE_STATES,
        "as_day": date.fromisoformat,
        "languages_of_list": LANGUAGES,
        "history": await audit.history(db, event_id),
    }
