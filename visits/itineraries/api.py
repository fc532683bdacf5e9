"""Itineraries, the arrivals board and who is where, for programs."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import ReadDb
from core.i18n import words
from core.paging import sorted_rows
from core.web import StrictRoute
from directory.accounts.access import Reader
from directory.accounts.rules import Right
from visits.itineraries.composition import BOARD_SORTS, arrivals_board, items_of, shared_days, where_sorts
from visits.itineraries.rules import where
from visits.itineraries.schemas import BoardRowOut, BoardSort, ItineraryOut, SharedItemOut, WhereaboutOut, WhereSort
from visits.itineraries.service import journey_of
from visits.journeys.service import journeys_for

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["travel"], route_class=StrictRoute)


@router.get("/itinerary", response_model=list[SharedItemOut])
async def group(event_id: UUID, caller: Reader, db: ReadDb, at: Moment) -> list[SharedItemOut]:
    """What the group does, in order: what several share stands once, with whose it is."""
    event, journeys = await journeys_for(db, event_id, caller, at=at)
    say = words(caller.language)
    is_whole = caller.may(Right.plan, event.project_id)
    days = shared_days(journeys, event, say, is_whole=is_whole)
    return [SharedItemOut.of(one, say) for _, items in days for one in items]


@router.get("/itinerary/{registration_id}", response_model=ItineraryOut)
async def one(event_id: UUID, registration_id: UUID, caller: Reader, db: ReadDb, at: Moment) -> ItineraryOut:
    """One person's legs, transfers, nights and sessions in order."""
    event, journey = await journey_of(db, event_id, registration_id, caller, at=at)
    say = words(caller.language)
    items = items_of(journey, event, say, is_whole=caller.may(Right.plan, event.project_id))
    return ItineraryOut.of(journey, event, items, say)


@router.get("/arrivals", response_model=list[BoardRowOut])
async def arrivals(
    event_id: UUID, caller: Reader, db: ReadDb, at: Moment, sort: BoardSort, day: date | None = None
) -> list[BoardRowOut]:
    """All arrivals and departures of a day, or of all days, in order or as `sort` says, with who is on them and what
    meets them."""
    _, journeys = await journeys_for(db, event_id, caller, at=at)
    board = arrivals_board(journeys)
    rows = [row for when, found in board.items() for row in found if day in (None, when)]
    return [BoardRowOut.of(row) for row in sorted_rows(rows, sort, BOARD_SORTS)]


@router.get("/whereabouts", response_model=list[WhereaboutOut])
async def whereabouts(event_id: UUID, caller: Reader, db: ReadDb, at: Moment, sort: WhereSort) -> list[WhereaboutOut]:
    """Where everybody is at this moment, by the plan, and what comes next; by name or as `sort` says."""
    event, journeys = await journeys_for(db, event_id, caller, at=at)
    say = words(caller.language)
    found = [(one, where(items_of(one, event, say, is_own=False, is_whole=False), at=at)) for one in journeys]
    return [
        WhereaboutOut.of(one.registration.id, one.person.name, known, say)
        for one, known in sorted_rows(found, sort, where_sorts(say))
    ]
