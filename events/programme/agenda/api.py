"""The agenda's people, clashes and versions as JSON."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.i18n import words
from core.settings import Installed
from core.web import Expected, IdempotencyKey, StrictRoute, download, tag
from directory.accounts.access import Organiser, Reader
from events.programme.agenda import service
from events.programme.agenda.documents import programme_pdf
from events.programme.agenda.models import AgendaVersion, VenueRoom
from events.programme.agenda.schemas import (
    MoveIn,
    PeopleIn,
    Said,
    SessionPeopleOut,
    VenueRoomIn,
    VenueRoomOut,
    VersionOut,
)
from events.programme.events.models import Session
from events.programme.events.schemas import SessionOut
from events.programme.events.service import get_event, list_sessions

router = APIRouter(prefix="/api/v1", tags=["agenda"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}
Spoken = Annotated[str, Query(pattern="^(en|tr)$", description="Language of the paper.")]


@router.get("/events/{event_id}/session-people", response_model=list[SessionPeopleOut])
async def session_people(event_id: UUID, caller: Reader, db: ReadDb) -> list[SessionPeopleOut]:
    """Who has a part in each session."""
    event = await get_event(db, event_id, caller)
    roles = await service.roles_of(db, [s.id for s in await list_sessions(db, event.id)])
    return [SessionPeopleOut.of(*one) for one in roles.items()]


@router.put("/sessions/{session_id}/people", response_model=SessionOut)
async def set_people(session_id: UUID, given: PeopleIn, caller: Organiser, db: Db, at: Moment) -> Session:
    """Say who has a part in a session: everybody named, nobody else."""
    return await service.set_people(db, session_id, given.people, caller, at=at)


@router.post("/sessions/{session_id}/move", response_model=SessionOut)
async def move(session_id: UUID, given: MoveIn, caller: Organiser, db: Db, at: Moment) -> Session:
    """Move a session by minutes on the clock, or to where another one begins. Nobody is written to."""
    return await service.move_session(db, session_id, caller, minutes=given.minutes, onto=given.onto, at=at)


@router.get("/events/{event_id}/clashes", response_model=list[Said])
async def clashes(event_id: UUID, caller: Reader, db: ReadDb) -> list[Said]:
    """What does not fit together in the agenda: warnings, in your account's language."""
    event = await get_event(db, event_id, caller)
    sessions = await list_sessions(db, event.id)
    roles = await service.roles_of(db, [s.id for s in sessions])
    found = service.clashes_of(event, sessions, roles, await service.list_rooms(db, event.id))
    return [Said(text=words(caller.language).translate(clash.message, **clash.facts)) for clash in found]


@router.get("/events/{event_id}/agenda-changes", response_model=list[Said])
async def agenda_changes(event_id: UUID, caller: Reader, db: ReadDb) -> list[Said]:
    """How the agenda differs from the programme that was published last."""
    say = words(caller.language)
    _, found = await service.what_changed(db, await get_event(db, event_id, caller), say)
    return [Said(text=say.translate(change.message, **change.facts)) for change in found]


@router.post("/events/{event_id}/agenda-versions", status_code=201, response_model=VersionOut)
async def publish(event_id: UUID, caller: Organiser, db: Db, at: Moment, tell: bool = True) -> AgendaVersion:
    """Publish the programme as it is. From the second version on, everybody concerned is written to."""
    return await service.publish(db, event_id, caller, at=at, tell=tell)


@router.get("/events/{event_id}/programme.pdf", response_class=Response, responses=FILE)
async def programme(
    event_id: UUID, caller: Reader, db: ReadDb, at: Moment, settings: Installed, language: Spoken = "en"
) -> Response:
    """The programme to print, a page for each day."""
    event = await get_event(db, event_id, caller)
    shown = await service.programme_for(db, event, language, at=at, files=settings.files)
    return download(await asyncio.to_thread(programme_pdf, shown), PDF, "programme.pdf")


@router.get("/events/{event_id}/venue-rooms", response_model=list[VenueRoomOut])
async def venue_rooms(event_id: UUID, caller: Reader, db: ReadDb) -> list[VenueRoom]:
    """The rooms of the venue, by name."""
    return await service.list_rooms(db, (await get_event(db, event_id, caller)).id)


@router.post("/events/{event_id}/venue-rooms", status_code=201, response_model=VenueRoomOut)
async def add_room(
    event_id: UUID,
    given: VenueRoomIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    response: Response,
    key: IdempotencyKey = None,
) -> VenueRoom:
    """Add a room of the venue. Sessions name it; its seats are held against who may come."""
    room = await service.add_room(db, event_id, given, caller, at=at, key=key)
    tag(response, room.revision)
    return room


@router.put("/venue-rooms/{venue_room_id}", response_model=VenueRoomOut)
async def change_room(
    venue_room_id: UUID,
    given: VenueRoomIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
) -> VenueRoom:
    """Change a room. Sessions keep the name that they say. With If-Match, 412 where somebody else was faster."""
    room = await service.change_room(db, venue_room_id, given, caller, at=at, expected=expected)
    tag(response, room.revision)
    return room


@router.delete("/venue-rooms/{venue_room_id}", status_code=204)
async def remove_room(venue_room_id: UUID, caller: Organiser, db: Db, at: Moment, expected: Expected) -> Response:
    """Take a room off the list. With If-Match, 412 where somebody else was faster."""
    await service.remove_room(db, venue_room_id, caller, at=at, expected=expected)
    return Response(status_code=204)
