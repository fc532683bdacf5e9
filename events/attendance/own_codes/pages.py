"""The code of an online event, large enough to be shared."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import ReadDb
from core.pages import render
from core.settings import Installed
from directory.accounts.access import Desk
from events.attendance.own_codes import service
from events.attendance.records.rules import HALVES
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)


@router.get("/events/{event_id}/own-code")
async def own_code(
    request: Request, event_id: UUID, caller: Desk, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    """For a shared screen; it looks anew every minute."""
    shown = await service.current_code(db, event_id, caller, settings, at=at)
    event = await get_event(db, event_id, caller)
    return render(request, "events/own_code.html", event=event, shown=shown, halves=HALVES)
