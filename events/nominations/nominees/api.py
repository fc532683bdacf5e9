"""Names of an event for programs: listed, accepted and rejected, of one institution or of all."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count, PageOut, page_of, page_out
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.nominations.nominees import service
from events.nominations.nominees.schemas import NomineeBrief, NomineePaging
from events.nominations.requests.schemas import ChosenNominees, NominationRequestOut
from events.nominations.requests.service import get_call
from events.nominations.requests.views import call_seen
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["calls"], route_class=StrictRoute)


@router.get("/events/{event_id}/nominees", response_model=PageOut[NomineeBrief])
async def list_nominees(
    event_id: UUID, caller: ProjectReader, db: ReadDb, page_request: NomineePaging
) -> dict[str, Any]:
    """All names that institutions gave for an event, by institution and in its order of preference."""
    await get_event(db, event_id, caller)
    page = page_of(await service.list_nominees(db, event_id), page_request, service.NOMINEE_SORTS)
    return page_out(page, [NomineeBrief.given_by(row.institution, row.nominee, row.rank) for row in page.rows])


@router.post("/events/{event_id}/nominees/acceptance", response_model=Count)
async def accept_all(event_id: UUID, given: ChosenNominees, caller: Organiser, db: Db, at: Moment) -> Count:
    """Put names of any institutions onto the event's list: those chosen, or all within the quotas."""
    return Count(count=await service.accept(db, event_id, given.nominees, caller, at=at))


@router.post("/events/{event_id}/nominees/rejection", response_model=Count)
async def reject_some(event_id: UUID, given: ChosenNominees, caller: Organiser, db: Db, at: Moment) -> Count:
    """Say that these names will not do; reserves move into the quotas."""
    return Count(count=await service.reject(db, event_id, given.nominees or [], caller, at=at))


@router.post("/calls/{call_id}/acceptance", response_model=NominationRequestOut)
async def accept(call_id: UUID, given: ChosenNominees, caller: Organiser, db: Db, at: Moment) -> NominationRequestOut:
    """Put names onto the event's list: those chosen, or all within the quota."""
    one, _, _ = await get_call(db, call_id, caller)
    await service.accept(db, one.event_id, given.nominees, caller, at=at, call_id=call_id)
    return await call_seen(db, call_id, caller)


@router.post("/calls/{call_id}/rejection", response_model=NominationRequestOut)
async def reject(call_id: UUID, given: ChosenNominees, caller: Organiser, db: Db, at: Moment) -> NominationRequestOut:
    """Say that these names will not do; reserves move into the quota."""
    one, _, _ = await get_call(db, call_id, caller)
    await service.reject(db, one.event_id, given.nominees or [], caller, at=at, call_id=call_id)
    return await call_seen(db, call_id, caller)
