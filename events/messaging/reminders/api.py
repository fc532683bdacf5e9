"""The timeline as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import ProjectReader, Releaser
from events.messaging.reminders import service
from events.messaging.reminders.schemas import ScheduledIn, ScheduledOut, Switch
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["schedules"], route_class=StrictRoute)


@router.get("/events/{event_id}/timeline", response_model=list[ScheduledOut])
async def timeline(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[ScheduledOut]:
    """Everything that will be sent by itself, in order of time."""
    return await service.timeline(db, await get_event(db, event_id, caller))


@router.post("/events/{event_id}/timeline", status_code=201, response_model=list[ScheduledOut])
async def schedule(event_id: UUID, given: ScheduledIn, caller: Releaser, db: Db, at: Moment) -> list[ScheduledOut]:
    """One more. It goes without another release."""
    await service.schedule(db, event_id, given, caller, at=at)
    return await service.timeline(db, await get_event(db, event_id, caller))


@router.post("/events/{event_id}/timeline/usual", response_model=list[ScheduledOut])
async def schedule_usual(event_id: UUID, caller: Releaser, db: Db, at: Moment) -> list[ScheduledOut]:
    """What is usually sent for an event of this kind."""
    await service.schedule_usual(db, event_id, caller, at=at)
    return await service.timeline(db, await get_event(db, event_id, caller))


@router.put("/timeline/{entry_id}", status_code=204)
async def turn(entry_id: UUID, given: Switch, caller: Releaser, db: Db, at: Moment) -> Response:
    """Switch an entry on or off."""
    await service.turn(db, entry_id, given.is_on, caller, at=at)
    return Response(status_code=204)


@router.delete("/timeline/{entry_id}", status_code=204)
async def remove(entry_id: UUID, caller: Releaser, db: Db, at: Moment) -> Response:
    """Take an entry off."""
    await service.remove(db, entry_id, caller, at=at)
    return Response(status_code=204)
