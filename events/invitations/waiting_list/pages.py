"""Who waits, in order, and what chance they have."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core import audit
from core.db import ReadDb
from core.pages import render
from directory.accounts.access import Organiser
from events.invitations.waiting_list import service
from events.invitations.waiting_list.rules import CHANCES
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)


@router.get("/events/{event_id}/waiting")
async def waiting(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    event = await get_event(db, event_id, caller)
    return render(
        request,
        "events/waiting.html",
        event=event,
        tab="people",
        waiting=await service.forecast(db, event),
        chances=CHANCES,
        history=await audit.history(db, event_id),
    )
