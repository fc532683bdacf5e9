"""Pages to plan an event: the list, the form, the agenda."""

from collections.abc import Mapping
from functools import partial
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.i18n import country_codes
from core.ids import new_id
from core.pages import Form, Typed, form_again, render, see_other
from core.paging import Asked
from core.web import checked
from core.zones import days_between, local, zone_names
from directory.accounts.access import Caller, Organiser, Reader
from directory.projects.service import list_projects
from events.programme import service
from events.programme.models import Event
from events.programme.rules import EVENT_KINDS, SESSION_KINDS
from events.programme.schemas import EventChange, EventIn, Reason, SessionForm
from notifications.outbox.service import count_by_state

router = APIRouter(include_in_schema=False)
LIST, FORM, EVENT = "events/list.html", "events/form.html", "events/event.html"


@router.get("/events")
async def events(
    request: Request, caller: Reader, db: ReadDb, asked: Asked, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    found = await service.list_events(db, caller, q, asked, newest=True)
    return render(request, LIST, events=found, q=q, kinds=EVENT_KINDS)


@router.get("/events/new")
async def new_event(request: Request, caller: Organiser, db: ReadDb) -> Response:
    return render(request, FORM, **await _form_view(db, caller=caller))


@router.post("/events/new")
async def create(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(FORM, partial(_form_view, caller=caller), typed):
        key = checked(UUID, typed.pop("key", str(new_id())))
        event = await service.create_event(db, checked(EventIn, typed), caller, at=at, key=key)
    return see_other(
        request, f"/events/{event.id}", N_("The event is planned. Next: the agenda, then the people.")
    )


@router.get("/events/{event_id}")
async def event(request: Request, event_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, EVENT, **await event_view(db, event_id=event_id, caller=caller))


@router.get("/events/{event_id}/edit")
async def edit(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, FORM, **await _form_view(db, caller=caller, event_id=event_id))


@router.post("/events/{event_id}/edit")
async def change(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    tell = typed.pop("tell", "") == "yes"
    with form_again(FORM, partial(_form_view, caller=caller, event_id=event_id), typed):
        changed = await service.change_event(
            db, event_id, checked(EventChange, typed), caller, at=at, tell=tell
        )
    notice = (
        N_("Saved. There are fewer places now than people confirmed; nobody was removed.")
        if changed.is_overbooked
        else N_("Saved.")
    )
    return see_other(request, f"/events/{event_id}", notice)


@router.post("/events/{event_id}/cancel")
async def cancel(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(EVENT, partial(event_view, event_id=event_id, caller=caller), typed):
        reason = checked(Reason, {"reason": typed.get("reason", "")}).reason
        await service.cancel_event(db, event_id, reason, caller, at=at)
    return see_other(
        request, f"/events/{event_id}", N_("The event is cancelled; everybody who was asked is told.")
    )


@router.post("/events/{event_id}/sessions")
async def add_session(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(EVENT, partial(event_view, event_id=event_id, caller=caller), typed):
        key = checked(UUID, typed.pop("key", str(new_id())))
        given = checked(SessionForm, typed).to_session()
        await service.add_session(db, event_id, given, caller, at=at, key=key)
    return see_other(request, f"/events/{event_id}#agenda", N_("Saved."))


@router.get("/events/{event_id}/sessions/{session_id}")
async def session(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: ReadDb
) -> Response:
    return render(
        request,
        "events/session.html",
        **await _session_view(db, event_id=event_id, session_id=session_id, caller=caller),
    )


@router.post("/events/{event_id}/sessions/{session_id}")
async def change_session(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    tell = typed.pop("tell", "") == "yes"
    view = partial(_session_view, event_id=event_id, session_id=session_id, caller=caller)
    with form_again("events/session.html", view, typed):
        given = checked(SessionForm, typed).to_session()
        await service.change_session(db, session_id, given, caller, at=at, tell=tell)
    return see_other(request, f"/events/{event_id}#agenda", N_("Saved."))


@router.post("/events/{event_id}/sessions/{session_id}/remove")
async def remove_session(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.remove_session(db, session_id, caller, at=at)
    return see_other(request, f"/events/{event_id}#agenda", N_("The session is gone from the agenda."))


async def event_view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, Any]:
    """What every tab of an event shows, and its agenda by day."""
    event = await service.get_event(db, event_id, caller)
    sessions = await service.list_sessions(db, event_id)
    by_day = groupby(sessions, lambda s: local(s.starts_at, event.zone).date())
    return {
        "event": event, "kinds": EVENT_KINDS, "session_kinds": SESSION_KINDS, "tab": "programme",
        "agenda": [(day, list(items)) for day, items in by_day],
        "days": days_between(event.first_day, event.last_day),
        "mail_counts": await count_by_state(db, event_id), "history": await audit.history(db, event_id),
    }  # fmt: skip


async def _session_view(
    db: AsyncSession, *, event_id: UUID, session_id: UUID, caller: Caller
) -> Mapping[str, Any]:
    view = dict(await event_view(db, event_id=event_id, caller=caller))
    found = [s for _, items in view["agenda"] for s in items if s.id == session_id]
    if not found:
        raise NotFound()
    zone = view["event"].zone
    return view | {
        "session": found[0],
        "starts": local(found[0].starts_at, zone),
        "ends": local(found[0].ends_at, zone),
    }


async def _form_view(db: AsyncSession, *, caller: Caller, event_id: UUID | None = None) -> Mapping[str, Any]:
    event: Event | None = await service.get_event(db, event_id, caller) if event_id else None
    values: Form = TypeAdapter(dict[str, Any]).dump_python(event.model_dump(), mode="json") if event else {}
    return {
        "event": event, "values": values, "projects": await list_projects(db, caller), "kinds": EVENT_KINDS,
        "zones": sorted(zone_names()), "countries": sorted(country_codes()),
    }  # fmt: skip
