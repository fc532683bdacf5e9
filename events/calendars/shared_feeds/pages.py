"""Shared calendars: making and ending them, and what clients ask for."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.errors import N_
from core.pages import Form, Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Caller, Organiser, Whoever
from directory.components.service import list_components
from directory.projects.service import get_project
from events.calendars.personal_feeds.pages import address_shown, must_not_flood, serve
from events.calendars.shared_feeds import service
from events.calendars.shared_feeds.rules import FEED_KINDS, OF_EVENT, OF_PROJECT, FeedKind
from events.calendars.shared_feeds.schemas import SharedFeedIn
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE = "events/feeds.html"


@router.api_route("/calendar/shared/{token}.ics", methods=["GET", "HEAD"])
async def feed(
    request: Request, token: str, whoever: Whoever, settings: Installed, at: Moment, database: DatabaseHandle
) -> Response:
    """304 from one query; else bytes from memory, or rendered once for this revision."""
    await must_not_flood(request, token)
    return await serve(request, f"shared/{token}", token, settings, database, service.look_up, service.render, at=at)


@router.get("/calendar/shared/{token}/door")
async def room_display(request: Request, token: str, whoever: Whoever, db: ReadDb, at: Moment) -> Response:
    """For a screen at the room's door; it looks anew every minute."""
    await must_not_flood(request, token)
    feed, shown = await service.room_screen(db, token, at=at)
    request.state.language = feed.language
    return render(request, "events/room_display.html", shown=shown, at=at)


@router.get("/events/{event_id}/calendars")
async def of_event(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _of_event(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/calendars")
async def share_event(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_of_event, event_id=event_id, caller=caller), typed):
        given = checked(SharedFeedIn, _said(typed))
        _, address = await service.share_event(db, event_id, given, caller, settings, at=at)
    view = await _of_event(db, event_id=event_id, caller=caller)
    return render(request, PAGE, **{**view, **_told(given.kind, address)})


@router.get("/projects/{project_id}/calendars")
async def of_project(request: Request, project_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _of_project(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/calendars")
async def share_project(
    request: Request, project_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_of_project, project_id=project_id, caller=caller), typed):
        given = checked(SharedFeedIn, _said(typed))
        _, address = await service.share_project(db, project_id, given, caller, settings, at=at)
    view = await _of_project(db, project_id=project_id, caller=caller)
    return render(request, PAGE, **{**view, **_told(given.kind, address)})


@router.post("/feeds/{feed_id}/renew")
async def renew(
    request: Request, feed_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    feed, address = await service.renew(db, feed_id, caller, settings, at=at)
    if feed.event_id:
        view = await _of_event(db, event_id=feed.event_id, caller=caller)
    else:
        view = await _of_project(db, project_id=feed.project_id, caller=caller)
    return render(request, PAGE, **{**view, **_told(feed.kind, address)})


@router.post("/feeds/{feed_id}/end")
async def end(request: Request, feed_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    ended = await service.end(db, feed_id, caller, at=at)
    back = f"/events/{ended.event_id}" if ended.event_id else f"/projects/{ended.project_id}"
    return see_other(request, f"{back}/calendars", N_("Calendars that were subscribed no longer get anything."))


def _told(kind: FeedKind, address: str) -> dict[str, Any]:
    """A new address, shown this once; a room's is also there for a screen at its door."""
    room_display = f"{address.removesuffix('.ics')}/door" if kind is FeedKind.room else ""
    return {"feed": address_shown(address), "room_display": room_display}


def _said(typed: Form) -> Form:
    """The chosen subject comes as one field: “room:Main hall”, “person:…”, “component:…”, or the kind alone."""
    kind, _, subject = str(typed.pop("of", "")).partition(":")
    field = {"room": "room", "person": "person_id", "component": "component_id"}.get(kind)
    return {**typed, "kind": kind, **({field: subject} if field else {})}


async def _of_event(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    people = await service.people_with_roles(db, event_id)
    return {
        "event": event,
        "project": await get_project(db, event.project_id, caller),
        "here": f"/events/{event_id}",
        "feeds": await service.list_shared(db, event_id=event_id),
        "kinds": FEED_KINDS,
        "whole": OF_EVENT[:1],
        "rooms": await service.rooms_of(db, event_id),
        "people": people,
        "components": [],
        "feed": None,
        "names": {person.id: person.name for person in people},
    }


async def _of_project(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    components = await list_components(db, frozenset({project_id}))
    return {
        "event": None,
        "project": project,
        "here": f"/projects/{project_id}",
        "kinds": FEED_KINDS,
        "whole": OF_PROJECT[:1],
        "feeds": await service.list_shared(db, project_id=project_id),
        "rooms": [],
        "people": [],
        "components": components,
        "feed": None,
        "names": {c.id: c.title for c in components},
    }
