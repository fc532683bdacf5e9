"""Pasting a programme: the text, what each line becomes, and taking it over or back."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import NN_
from core.ids import new_id
from core.pages import Typed, beside, form_again, render, see_other, ticked
from core.plain_text import whole_number
from core.web import checked
from directory.accounts.access import Caller, Organiser
from events.programme.agenda.rules import SESSION_ROLES
from events.programme.events.rules import SESSION_KINDS
from events.programme.events.service import get_event
from events.programme.pasted_programmes import service
from events.programme.pasted_programmes.rules import NothingRead
from events.programme.pasted_programmes.schemas import ProgrammeTextIn

router = APIRouter(include_in_schema=False)
PAGE = "events/pasted_programme.html"


@router.get("/events/{event_id}/pasted-programme")
async def paste(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/pasted-programme")
async def preview(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: ProgrammeTextIn = checked(ProgrammeTextIn, {"text": typed["text"]})
        _, lines = await service.propose(db, event_id, given.text, caller)
    return render(
        request, PAGE, **await _view(db, event_id=event_id, caller=caller), lines=lines, text=given.text, key=new_id()
    )


@router.post("/events/{event_id}/pasted-programme/apply")
async def apply(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed), beside("text"):
        given: ProgrammeTextIn = checked(ProgrammeTextIn, {"text": typed["text"]})
        key = checked(UUID, typed["key"])
        lines = {number for said in ticked(typed, "lines") if (number := whole_number(said)) is not None}
        if not lines:
            raise NothingRead("text")
        made = await service.take_over(db, event_id, given.text, caller, at=at, key=key, lines=lines)
    taken = NN_(
        "One session is in the agenda. Nobody is written to before you publish.",
        "%(num)s sessions are in the agenda. Nobody is written to before you publish.",
    )
    return see_other(request, f"/events/{event_id}#agenda", taken, count=len(made))


@router.post("/events/{event_id}/pasted-programme/undo")
async def undo(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    removed = await service.undo(db, event_id, caller, at=at)
    gone = NN_("One session is gone from the agenda again.", "%(num)s sessions are gone from the agenda again.")
    return see_other(request, f"/events/{event_id}#agenda", gone, count=removed)


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, Any]:
    return {
        "event": await get_event(db, event_id, caller),
        "tab": "programme",
        "session_kinds": SESSION_KINDS,
        "role_names": SESSION_ROLES,
        "history": await audit.history(db, event_id),
    }
