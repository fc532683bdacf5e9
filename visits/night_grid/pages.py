"""The tab of stays: everybody's nights, entered and taken away for as many people and nights as are ticked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_, Unacceptable
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other, ticked
from core.paging import PageRequest, Paging
from core.web import checked
from directory.accounts.access import Caller, Organiser, Reader
from visits.night_grid.views import grid_for
from visits.stays import service
from visits.stays.schemas import NightsGone, NightsIn

router = APIRouter(include_in_schema=False)
PAGE = "visits/night_grid.html"


@router.get("/events/{event_id}/stays")
async def nights(request: Request, event_id: UUID, caller: Reader, db: ReadDb, page: PageRequest) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, page=page))


@router.post("/events/{event_id}/stays/nights")
async def set_nights(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, page: PageRequest, typed: Typed
) -> Response:
    here = f"/events/{event_id}/stays?page={page.page}"
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, page=page), typed):
        people = _people(ticked(typed, "cells"))
        if typed.get("act") == "clear":
            gone: NightsGone = checked(NightsGone, {"people": people})
            done = await service.clear_nights(db, event_id, gone, caller, at=at)
            said = NN_("Nights of one person are taken away.", "Nights of %(num)s people are taken away.")
        else:
            given: NightsIn = checked(
                NightsIn,
                {
                    "people": people,
                    "hotel_id": typed.get("hotel_id", ""),
                    "country": typed.get("country", ""),
                    "city": typed.get("city", ""),
                    "is_bed_provided": typed.get("is_bed_provided") == "yes",
                    "has_breakfast": typed.get("has_breakfast") == "yes",
                    "is_personal": typed.get("is_personal") == "yes",
                },
            )
            done = await service.set_nights(db, event_id, given, caller, at=at)
            said = NN_("Nights of one person are entered.", "Nights of %(num)s people are entered.")
    if done.without_room:
        said = NN_(
            "Nights of one person have changed; people who need a room again: %(rooms)s.",
            "Nights of %(num)s people have changed; people who need a room again: %(rooms)s.",
        )
    return see_other(request, here, said, count=done.people, rooms=done.without_room)


def _people(cells: Sequence[str]) -> list[dict[str, object]]:
    """Ticked boxes, each a registration and a night, by person. Raises Unacceptable for none."""
    if not cells:
        raise Unacceptable("cells", N_("Tick the nights first."))
    nights: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        id, _, night = cell.partition(":")
        nights[id].append(night)
    return [{"registration_id": id, "nights": of} for id, of in nights.items()]


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, page: Paging) -> Mapping[str, object]:
    grid = await grid_for(db, event_id, caller, page)
    return {
        "tab": "stays",
        "part": "nights",
        "event": grid.event,
        "grid": grid,
        "countries": country_codes(),
        "history": await audit.history(db, event_id),
    }
