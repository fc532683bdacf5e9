"""Who waits, in order, and what chance they have."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.plain_text import whole_number
from core.settings import Installed
from directory.accounts.access import Caller, ProjectReader, Releaser
from events.invitations.phases.rules import Phase, may_promote, phases_of
from events.invitations.waiting_list import service
from events.invitations.waiting_list.rules import CHANCES
from events.programme.events.rules import COMING
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)


PAGE = "events/waiting_list.html"


@router.get("/events/{event_id}/waiting")
async def waiting(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, at=at))


@router.post("/events/{event_id}/waiting/promotion")
async def fill(
    request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, at=at), typed):
        await service.fill_by_hand(
            db, event_id, caller, settings, at=at, agreed=whole_number(str(typed.get("agreed", "")))
        )
    return see_other(request, f"/events/{event_id}/waiting", N_("Saved."))


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, at: datetime) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    phases = phases_of(event, at=at)
    waiting = await service.forecast(db, event)
    may_fill = event.state in COMING and Phase.over not in phases and event.taken < event.capacity
    return {
        "event": event,
        "tab": "people",
        "waiting": waiting,
        "chances": CHANCES,
        "by_itself": may_promote(event, event.fills_late, at=at),
        "may_fill": may_fill,
        "moving_up": await service.count_moving_up(db, event, at=at, caller=caller) if waiting and may_fill else 0,
        "history": await audit.history(db, event_id),
    }
