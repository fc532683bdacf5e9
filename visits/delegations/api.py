"""A visit's plan, its hosts and its lists for programs."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import sorted_rows
from core.web import StrictRoute, download
from directory.accounts.access import Organiser, ProjectReader
from events.programme.events.service import get_event
from visits.delegations import service
from visits.delegations.documents import list_file
from visits.delegations.models import VisitPlan
from visits.delegations.schemas import ListIn, MeetingIn, MeetingOut, MeetingSort, PlanIn, PlanOut
from visits.delegations.views import make_list

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/events/{event_id}/delegation", response_model=PlanOut)
async def plan(event_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment, sort: MeetingSort) -> PlanOut:
    """What the visit is for, who leads the delegation, and the institutions that receive it, as `sort` says."""
    event = await get_event(db, event_id, caller)
    known = await service.get_plan(db, event_id) or VisitPlan(event_id=event_id, changed_at=at)
    meetings = sorted_rows(await service.list_meetings(db, event), sort, service.MEETING_SORTS)
    return PlanOut.of(known, event.country, [one for one, _ in meetings])


@router.put("/events/{event_id}/delegation", response_model=PlanOut)
async def save(event_id: UUID, given: PlanIn, caller: Organiser, db: Db, at: Moment) -> PlanOut:
    """Say what the visit is for."""
    saved = await service.save_plan(db, event_id, given, caller, at=at)
    event = await get_event(db, event_id, caller)
    return PlanOut.of(saved, event.country, [one for one, _ in await service.list_meetings(db, event)])


@router.post("/events/{event_id}/delegation/list", response_class=Response)
async def download_list(event_id: UUID, given: ListIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """A list of the delegation as PDF, XLSX or CSV, with its recipient on every page; the history keeps it."""
    _, content = await make_list(db, event_id, given, caller, at=at)
    made, media_type = await asyncio.to_thread(list_file, content, given.ending)
    return download(made, media_type, f"{given.kind}.{given.ending}")


@router.post("/events/{event_id}/hosts", status_code=201, response_model=MeetingOut)
async def add_meeting(event_id: UUID, given: MeetingIn, caller: Organiser, db: Db, at: Moment) -> MeetingOut:
    """One more institution that receives the delegation."""
    return MeetingOut.model_validate(await service.add_meeting(db, event_id, given, caller, at=at))


@router.put("/hosts/{meeting_id}", response_model=MeetingOut)
async def change_meeting(meeting_id: UUID, given: MeetingIn, caller: Organiser, db: Db, at: Moment) -> MeetingOut:
    """Another contact, address or session."""
    return MeetingOut.model_validate(await service.change_meeting(db, meeting_id, given, caller, at=at))


@router.delete("/hosts/{meeting_id}", status_code=204)
async def remove_meeting(meeting_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a host away."""
    await service.remove_meeting(db, meeting_id, caller, at=at)
    return Response(status_code=204)
