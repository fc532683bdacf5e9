"""Action points, recommendations and key messages of an event, on one page."""

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
from directory.accounts.access import Caller, Organiser, Reader
from events.programme.events.service import get_event
from events.reporting.outcomes import service
from events.reporting.outcomes.rules import OUTCOME_KINDS, OUTCOME_STATES
from events.reporting.outcomes.schemas import OutcomeIn

router = APIRouter(include_in_schema=False)
PAGE = "events/outcomes.html"


@router.get("/events/{event_id}/outcomes")
async def outcomes(request: Request, event_id: UUID, caller: Reader, db: ReadDb, edit: UUID | None = None) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, edit=edit))


@router.post("/events/{event_id}/outcomes")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: OutcomeIn = checked(OutcomeIn, typed)
        await service.add_outcome(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/outcomes", N_("Saved."))


@router.post("/outcomes/{outcome_id}")
async def change(request: Request, outcome_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    row, event = await service.get_outcome(db, outcome_id, caller)
    with form_again(PAGE, partial(_view, event_id=event.id, caller=caller, edit=row.id), typed):
        given: OutcomeIn = checked(OutcomeIn, typed)
        await service.change_outcome(db, outcome_id, given, caller, at=at)
    return see_other(request, f"/events/{event.id}/outcomes", N_("Saved."))


@router.post("/outcomes/{outcome_id}/remove")
async def remove(request: Request, outcome_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    event_id = await service.remove_outcome(db, outcome_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/outcomes", N_("Removed."))


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, edit: UUID | None = None) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    found = await service.list_outcomes(db, [event_id])
    return {
        "event": event,
        "tab": "materials",
        "outcomes": found,
        "edited": next((one for one in found if one.id == edit), None),
        "kinds": OUTCOME_KINDS,
        "states": OUTCOME_STATES,
        "history": await audit.history(db, event_id),
    }
