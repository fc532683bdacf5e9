"""The delegation of a visit: what it is for, whom it meets, its lists."""

import asyncio
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
from core.paging import sorted_rows
from core.web import checked, checked_fields, download
from directory.accounts.access import Caller, Organiser, Reader
from directory.accounts.rules import Right
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event, list_sessions
from visits.delegations import service
from visits.delegations.documents import list_file
from visits.delegations.rules import DELEGATION_LISTS
from visits.delegations.schemas import ListIn, MeetingIn, MeetingSort, PlanIn
from visits.delegations.views import make_list

router = APIRouter(include_in_schema=False)
PAGE = "visits/delegation.html"


@router.get("/events/{event_id}/delegation")
async def delegation(
    request: Request, event_id: UUID, caller: Reader, db: ReadDb, sort: MeetingSort, edit: UUID | None = None
) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, edit=edit, sort=sort))


@router.post("/events/{event_id}/delegation")
async def save(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: PlanIn = checked_fields(typed, PlanIn)
        await service.save_plan(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/delegation", N_("Saved."))


@router.post("/events/{event_id}/hosts")
async def add_meeting(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: MeetingIn = checked_fields(typed, MeetingIn)
        await service.add_meeting(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/delegation", N_("Saved."))


@router.post("/hosts/{meeting_id}")
async def change_meeting(
    request: Request, meeting_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    meeting, event = await service.get_meeting(db, meeting_id, caller)
    with form_again(PAGE, partial(_view, event_id=event.id, caller=caller, edit=meeting.id), typed):
        given: MeetingIn = checked_fields(typed, MeetingIn)
        await service.change_meeting(db, meeting_id, given, caller, at=at)
    return see_other(request, f"/events/{event.id}/delegation", N_("Saved."))


@router.post("/hosts/{meeting_id}/remove")
async def remove_meeting(
    request: Request, meeting_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    event_id = await service.remove_meeting(db, meeting_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/delegation", N_("Removed."))


@router.post("/events/{event_id}/delegation/list")
async def download_list(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: ListIn = checked(ListIn, {k: v for k, v in typed.items() if k in ListIn.model_fields})
        _, content = await make_list(db, event_id, given, caller, at=at)
    made, media_type = await asyncio.to_thread(list_file, content, given.ending)
    return download(made, media_type, f"{given.kind}.{given.ending}")


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, edit: UUID | None = None, sort: str = ""
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    plan = await service.get_plan(db, event_id)
    meetings = await service.list_meetings(db, event)
    people = {str(registration.id): person.name for registration, person, _ in await list_confirmed(db, event_id)}
    edited = next((one for one, _ in meetings if one.id == edit), None)
    sessions = [session for session in await list_sessions(db, event_id) if not session.removed_at]
    return {
        "tab": "delegation",
        "event": event,
        "history": await audit.history(db, event_id),
        "plan": plan,
        "plan_fields": PlanIn.fields_of(plan) if plan else {},
        "meetings": sorted_rows(meetings, sort, service.MEETING_SORTS),
        "edited": edited,
        "fields": MeetingIn.fields_of(edited) if edited else {},
        "people": people,
        "sessions": {str(one.id): one.title_in(caller.language) for one in sessions},
        "countries": country_codes(),
        "lists": DELEGATION_LISTS,
        "may_see": caller.may(Right.plan, event.project_id),
    }
