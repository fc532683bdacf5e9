"""The timeline of an event's mails."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked
from directory.accounts.access import Caller, ProjectReader, Releaser
from events.messaging.reminders import service
from events.messaging.reminders.rules import ANCHORS, PURPOSES
from events.messaging.reminders.schemas import ScheduledIn
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE = "events/timeline.html"


@router.get("/events/{event_id}/timeline")
async def timeline(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/timeline")
async def schedule(request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        days = str(typed.pop("days", ""))
        before = typed.pop("side", "before") == "before"
        given = checked(ScheduledIn, {**typed, "days": f"-{days}" if before and days not in ("", "0") else days})
        await service.schedule(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/timeline", N_("Saved."))


@router.post("/events/{event_id}/timeline/usual")
async def usual(request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        await service.schedule_usual(db, event_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/timeline", N_("The usual mails are scheduled."))


@router.post("/timeline/{entry_id}")
async def turn(request: Request, entry_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    entry = await service.turn(db, entry_id, typed.get("is_on") == "yes", caller, at=at)
    return see_other(request, f"/events/{entry.event_id}/timeline", N_("Saved."))


@router.post("/timeline/{entry_id}/remove")
async def remove(request: Request, entry_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    event_id = await service.remove(db, entry_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/timeline", N_("Removed."))


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "people",
        "entries": await service.timeline(db, event),
        "purposes": PURPOSES,
        "anchors": ANCHORS,
        "history": await audit.history(db, event_id),
    }
