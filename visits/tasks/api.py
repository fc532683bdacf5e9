"""Tasks of visits for programs."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.paging import sorted_rows
from core.web import StrictRoute
from core.zones import day_in
from directory.accounts.access import Caller, Organiser, Reader
from events.programme.events.models import Event
from events.programme.events.service import get_event
from visits.tasks import service
from visits.tasks.models import VisitTask
from visits.tasks.schemas import TaskIn, TaskOut, TaskSort, TaskStateIn

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/events/{event_id}/tasks", response_model=list[TaskOut])
async def tasks(event_id: UUID, caller: Reader, db: ReadDb, at: Moment, sort: TaskSort) -> list[TaskOut]:
    """All tasks of a visit, by phase and day, or as `sort` says."""
    event = await get_event(db, event_id, caller)
    keys = service.task_sorts(await service.owners_of(db, event.project_id), words(caller.language))
    found = sorted_rows(await service.list_tasks(db, event_id), sort, keys)
    return [TaskOut.of(one, words(caller.language), today=day_in(event.zone, at=at)) for one in found]


@router.post("/events/{event_id}/tasks", status_code=201, response_model=TaskOut)
async def add(event_id: UUID, given: TaskIn, caller: Organiser, db: Db, at: Moment) -> TaskOut:
    """One more task."""
    return await _out(db, await service.add_task(db, event_id, given, caller, at=at), caller, at=at)


@router.post("/events/{event_id}/tasks/usual", response_model=list[TaskOut])
async def add_usual(event_id: UUID, caller: Organiser, db: Db, at: Moment) -> list[TaskOut]:
    """The usual tasks of a visit that are not there yet. Twice adds nothing twice."""
    await service.add_usual(db, event_id, caller, at=at)
    event, say = await get_event(db, event_id, caller), words(caller.language)
    return [TaskOut.of(one, say, today=day_in(event.zone, at=at)) for one in await service.list_tasks(db, event_id)]


@router.put("/tasks/{task_id}", response_model=TaskOut)
async def change(task_id: UUID, given: TaskIn, caller: Organiser, db: Db, at: Moment) -> TaskOut:
    """Another title, day, owner or reminder."""
    return await _out(db, await service.change_task(db, task_id, given, caller, at=at), caller, at=at)


@router.put("/tasks/{task_id}/state", response_model=TaskOut)
async def set_state(task_id: UUID, given: TaskStateIn, caller: Organiser, db: Db, at: Moment) -> TaskOut:
    """Done, not needed, or open again."""
    return await _out(db, await service.set_state(db, task_id, given.state, caller, at=at), caller, at=at)


@router.delete("/tasks/{task_id}", status_code=204)
async def remove(task_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a task away."""
    await service.remove_task(db, task_id, caller, at=at)
    return Response(status_code=204)


async def _out(db: AsyncSession, task: VisitTask, caller: Caller, *, at: datetime) -> TaskOut:
    """Late by the day where the event is."""
    event = await db.get_one(Event, task.event_id)
    return TaskOut.of(task, words(caller.language), today=day_in(event.zone, at=at))
