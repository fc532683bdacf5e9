"""The tasks of a visit on one page."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import words
from core.pages import Typed, form_again, render, see_other
from core.paging import sorted_rows
from core.web import checked, checked_fields
from core.zones import day_in
from directory.accounts.access import Caller, Organiser, Reader
from events.programme.events.service import get_event
from visits.tasks import service
from visits.tasks.rules import TASK_STATES, VISIT_PHASES, TaskState
from visits.tasks.schemas import TaskIn, TaskSort

router = APIRouter(include_in_schema=False)
PAGE = "visits/tasks.html"


@router.get("/events/{event_id}/tasks")
async def tasks(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    sort: TaskSort,
    edit: UUID | None = None,
) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, at=at, sort=sort, edit=edit))


@router.post("/events/{event_id}/tasks")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, at=at), typed):
        given: TaskIn = checked_fields(typed, TaskIn)
        await service.add_task(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/tasks", N_("Saved."))


@router.post("/events/{event_id}/tasks/usual")
async def add_usual(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    count = await service.add_usual(db, event_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/tasks", N_("Tasks added: %(count)s."), count=count)


@router.post("/tasks/{task_id}")
async def change(request: Request, task_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    task, event = await service.get_task(db, task_id, caller)
    with form_again(PAGE, partial(_view, event_id=event.id, caller=caller, at=at, edit=task.id), typed):
        given: TaskIn = checked_fields(typed, TaskIn)
        await service.change_task(db, task_id, given, caller, at=at)
    return see_other(request, f"/events/{event.id}/tasks", N_("Saved."))


@router.post("/tasks/{task_id}/state")
async def set_state(request: Request, task_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    state = checked(TaskState, typed.get("state"))
    task = await service.set_state(db, task_id, state, caller, at=at)
    return see_other(request, f"/events/{task.event_id}/tasks", N_("Saved."))


@router.post("/tasks/{task_id}/remove")
async def remove(request: Request, task_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    event_id = await service.remove_task(db, task_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/tasks", N_("Removed."))


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, at: Moment, sort: str = "", edit: UUID | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    found = await service.list_tasks(db, event_id)
    owners = await service.owners_of(db, event.project_id)
    edited = next((one for one in found if one.id == edit), None)
    return {
        "tab": "delegation",
        "event": event,
        "history": await audit.history(db, event_id),
        "tasks": sorted_rows(found, sort, service.task_sorts(owners, words(caller.language))),
        "edited": edited,
        "fields": TaskIn.fields_of(edited, words(caller.language)) if edited else {},
        "owners": owners,
        "phases": VISIT_PHASES,
        "states": TASK_STATES,
        "today": day_in(event.zone, at=at),
    }
