"""Pages for the steps of an event: its state, calling off, copies, postponing."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, Unacceptable
from core.pages import Form, Typed, form_again, render, see_other
from core.web import checked, checked_fields
from directory.accounts.access import Caller, Organiser, Releaser
from events.programme.agenda.views import EVENT, event_page
from events.programme.events.models import Event
from events.programme.events.schemas import Reason
from events.programme.events.service import get_event
from events.programme.events.views import count_readers, list_series, where_to_send
from events.programme.lifecycle import service
from events.programme.lifecycle.schemas import PostponementIn, ReasonTold, SeriesIn, StepIn

router = APIRouter(prefix="/events/{event_id}", include_in_schema=False)
COPY, POSTPONE, CANCEL = "events/copy.html", "events/postpone.html", "events/cancel.html"
LINES = 12


@router.post("/state")
async def change_state(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(EVENT, event_page(event_id, caller), typed):
        await service.change_state(db, event_id, checked(StepIn, typed).state, caller, at=at)
    return see_other(request, f"/events/{event_id}/overview", N_("Saved."))


@router.get("/cancel")
async def cancel_form(request: Request, event_id: UUID, caller: Releaser, db: ReadDb) -> Response:
    return render(request, CANCEL, **await _postpone_view(db, event_id=event_id, caller=caller))


@router.post("/cancel")
async def cancel(request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(CANCEL, partial(_postpone_view, event_id=event_id, caller=caller), typed):
        event = await service.cancel(db, event_id, checked_fields(typed, ReasonTold), caller, at=at)
    return await _moved_on(request, db, event, N_("The event is cancelled."))


@router.post("/reinstate")
async def reinstate(request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(EVENT, event_page(event_id, caller), typed):
        event = await service.reinstate(db, event_id, _reason(typed), caller, at=at)
    return await _moved_on(request, db, event, N_("The event takes place after all."))


async def _moved_on(request: Request, db: AsyncSession, event: Event, notice: str) -> Response:
    return see_other(request, await where_to_send(db, event) or f"/events/{event.id}", notice)


@router.get("/copy")
async def copy_form(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, COPY, **await _copy_view(db, event_id=event_id, caller=caller))


@router.post("/copy")
async def copy(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    lines = _lines(typed)
    # The lines move up to where no empty one is between them: each error stands beside the line that it is about.
    again = dict(typed) | {f"copies.{n}.{name}": said for n, line in enumerate(lines) for name, said in line.items()}
    with form_again(COPY, partial(_copy_view, event_id=event_id, caller=caller), again):
        wanted = [line for line in lines if any(line.values())]
        if not wanted:
            raise Unacceptable("copies.0.first_day", N_("Please say when the copy begins."))
        given: SeriesIn = checked(SeriesIn, {"copies": wanted})
        made = await service.copy_event(db, event_id, given.copies, caller, at=at)
    if len(made) == 1:
        return see_other(request, f"/events/{made[0].id}", N_("The event is planned. Nobody is invited yet."))
    where = f"/events?series={made[0].series_id}"
    return see_other(request, where, N_("%(count)s events are planned. Nobody is invited yet."), count=len(made))


@router.get("/postpone")
async def postpone_form(request: Request, event_id: UUID, caller: Releaser, db: ReadDb) -> Response:
    return render(request, POSTPONE, **await _postpone_view(db, event_id=event_id, caller=caller))


@router.post("/postpone")
async def postpone(request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(POSTPONE, partial(_postpone_view, event_id=event_id, caller=caller), typed):
        said = dict(typed) | {"asks_again": typed.get("asks_again") == "yes"}
        event = await service.postpone(db, event_id, checked_fields(said, PostponementIn), caller, at=at)
    return await _moved_on(request, db, event, N_("The event has moved with all that hangs on it."))


def _reason(typed: Form) -> str:
    given: Reason = checked(Reason, {"reason": typed.get("reason", "")})
    return given.reason


def _lines(typed: Form) -> list[dict[str, Any]]:
    """The lines of the table, those that say something before those that are empty."""
    names = ("first_day", "title", "venue")
    lines = [{name: typed.get(f"copies.{n}.{name}", "") for name in names} for n in range(LINES)]
    return sorted(lines, key=lambda line: not any(line.values()))


async def _copy_view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {"event": event, "lines": LINES, "series": await list_series(db, event)}


async def _postpone_view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "readers": await count_readers(db, event),
        "concerns": await service.concerns_of(db, event_id, caller),
        "history": await audit.history(db, event_id),
        "tab": "programme",
    }
