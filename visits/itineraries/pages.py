"""The itinerary tab of a visit: the group's days, one person's, arrivals and departures, and who is where."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from core import audit
from core.clock import Moment
from core.db import ReadDb
from core.i18n import words
from core.pages import render
from core.paging import sorted_rows
from core.web import language_of
from core.zones import day_in, local
from directory.accounts.access import Reader
from directory.accounts.rules import Right
from visits.itineraries.composition import BOARD_SORTS, arrivals_board, items_of, shared_days, where_sorts
from visits.itineraries.rules import ITINERARY_KINDS, TRAVELLER_PRESENCES, by_day, where
from visits.itineraries.schemas import BoardSort, WhereSort
from visits.itineraries.service import journey_of
from visits.journeys.service import journeys_for
from visits.legs.rules import TRAVEL_MODES

router = APIRouter(include_in_schema=False)
NAMES = {"tab": "itinerary", "kinds": ITINERARY_KINDS, "presences": TRAVELLER_PRESENCES, "modes": TRAVEL_MODES}


@router.get("/events/{event_id}/itinerary")
async def group(request: Request, event_id: UUID, caller: Reader, db: ReadDb, at: Moment) -> Response:
    event, journeys = await journeys_for(db, event_id, caller, at=at)
    say = words(language_of(request))
    return render(
        request,
        "visits/itinerary.html",
        **NAMES,
        event=event,
        days=shared_days(journeys, event, say, is_whole=caller.may(Right.plan, event.project_id)),
        journeys=journeys,
        history=await audit.history(db, event_id),
    )


@router.get("/events/{event_id}/itinerary/{registration_id}")
async def one(
    request: Request, event_id: UUID, registration_id: UUID, caller: Reader, db: ReadDb, at: Moment
) -> Response:
    event, journey = await journey_of(db, event_id, registration_id, caller, at=at)
    say = words(language_of(request))
    items = items_of(journey, event, say, is_whole=caller.may(Right.plan, event.project_id))
    return render(
        request,
        "visits/itinerary_of.html",
        **NAMES,
        event=event,
        journey=journey,
        days=by_day(items),
        history=await audit.history(db, event_id),
    )


@router.get("/events/{event_id}/arrivals")
async def arrivals(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    sort: BoardSort,
    day: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Of one day: the one asked for, else today, else the first on which anybody travels."""
    event, journeys = await journeys_for(db, event_id, caller, at=at)
    board = arrivals_board(journeys)
    days = {found.isoformat(): found for found in board}
    today = day_in(event.zone, at=at).isoformat()
    chosen = days.get(day) or days.get(today) or next(iter(board), None)
    return render(
        request,
        "visits/arrivals.html",
        **NAMES,
        event=event,
        days=list(board),
        chosen=chosen,
        rows=sorted_rows(board[chosen], sort, BOARD_SORTS) if chosen else [],
        history=await audit.history(db, event_id),
    )


@router.get("/events/{event_id}/where")
async def whereabouts(
    request: Request, event_id: UUID, caller: Reader, db: ReadDb, at: Moment, sort: WhereSort
) -> Response:
    """By the plan at this moment: nobody is followed."""
    event, journeys = await journeys_for(db, event_id, caller, at=at)
    say = words(language_of(request))
    found = [(one, where(items_of(one, event, say, is_own=False, is_whole=False), at=at)) for one in journeys]
    return render(
        request,
        "visits/whereabouts.html",
        **NAMES,
        event=event,
        now=local(at, event.zone),
        found=sorted_rows(found, sort, where_sorts(say)),
        history=await audit.history(db, event_id),
    )
