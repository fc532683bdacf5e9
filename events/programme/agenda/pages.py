"""Moving sessions, giving parts, publishing, and the programme to print."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.errors import N_, Unacceptable
from core.i18n import LANGUAGES
from core.ids import new_id
from core.pages import Form, Typed, form_again, form_fields, render, see_other, seen_revision
from core.settings import Installed
from core.web import checked, checked_fields, download, language_of
from directory.accounts.access import Organiser, Reader
from directory.people.service import institutions_named
from events.programme.agenda import service
from events.programme.agenda.documents import programme_pdf
from events.programme.agenda.rules import SESSION_ROLES
from events.programme.agenda.schemas import MoveIn, NamedRole, VenueRoomIn
from events.programme.agenda.views import EVENT, ROOMS, SESSION, event_page, rooms_page, session_page
from events.programme.events import service as programme
from events.programme.events.models import Event
from events.programme.events.schemas import SessionForm, SessionIn
from events.programme.events.service import get_event
from events.programme.events.views import must_have_agreed, where_to_send

router = APIRouter(include_in_schema=False)
Named = Annotated[UUID | None, Query()]
Spoken = Annotated[str | None, Query(max_length=2)]


@router.get("/events/{event_id}")
async def event(
    request: Request, event_id: UUID, caller: Reader, db: ReadDb, added: Named = None, edit: Named = None
) -> Response:
    return render(request, EVENT, **await event_page(event_id, caller, after=added, edited=edit)(db))


@router.get("/events/{event_id}/sessions/{session_id}")
async def session(request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, SESSION, **await session_page(event_id, session_id, caller)(db))


@router.post("/events/{event_id}/sessions")
async def add_session(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(EVENT, event_page(event_id, caller), typed):
        key = checked(UUID, typed.pop("key", str(new_id())))
        event = await programme.get_event(db, event_id, caller)
        given = await _session_of(db, event.project_id, typed)
        added = await programme.add_session(db, event_id, given, caller, at=at, key=key)
    return see_other(request, f"/events/{event_id}?added={added.id}", N_("Saved."))


@router.post("/events/{event_id}/sessions/{session_id}")
async def change_session(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    tell, is_row = typed.pop("tell", "") == "yes", typed.pop("in_row", "") == "yes"
    seen, agreed = seen_revision(typed), typed.pop("agreed", "")
    view = event_page(event_id, caller, edited=session_id) if is_row else session_page(event_id, session_id, caller)
    with form_again(EVENT if is_row else SESSION, view, typed):
        event = await programme.get_event(db, event_id, caller)
        given = await _session_of(db, event.project_id, typed)
        await programme.change_session(db, session_id, given, caller, at=at, tell=tell, expected=seen)
        await must_have_agreed(db, event, agreed, at=at)
    here = f"/events/{event_id}#{f's-{session_id}' if is_row else 'agenda'}"
    return see_other(request, await where_to_send(db, event) or here, N_("Saved."))


@router.post("/events/{event_id}/sessions/{session_id}/remove")
async def remove_session(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await programme.remove_session(db, session_id, caller, at=at)
    return see_other(request, f"/events/{event_id}#agenda", N_("The session is gone from the agenda."))


@router.post("/events/{event_id}/sessions/{session_id}/move")
async def move(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(EVENT, event_page(event_id, caller), typed):
        given: MoveIn = checked(MoveIn, typed)
        await service.move_session(db, session_id, caller, minutes=given.minutes, onto=given.onto, at=at)
    return see_other(request, f"/events/{event_id}#s-{session_id}")


@router.post("/events/{event_id}/sessions/{session_id}/people")
async def give_role(
    request: Request, event_id: UUID, session_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(SESSION, session_page(event_id, session_id, caller), typed):
        may_add = typed.pop("who_new", "") == "yes"
        given: NamedRole = checked(NamedRole, typed)
        await service.add_person(db, session_id, given, caller, at=at, may_add=may_add)
    return see_other(request, f"/events/{event_id}/sessions/{session_id}#people", N_("Saved."))


@router.post("/events/{event_id}/parts/{part_id}/remove")
async def take_role(
    request: Request, event_id: UUID, part_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    session_id = await service.remove_role(db, part_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/sessions/{session_id}#people", N_("Removed."))


@router.post("/events/{event_id}/publish-programme")
async def publish(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(EVENT, event_page(event_id, caller), typed):
        event = await get_event(db, event_id, caller)
        version = await service.publish(db, event_id, caller, at=at, tell=typed.get("tell") == "yes")
    return see_other(
        request,
        await where_to_send(db, event) or f"/events/{event_id}",
        N_("Version %(number)s of the programme is published."),
        number=version.number,
    )


@router.get("/events/{event_id}/programme")
async def programme_page(
    request: Request, event_id: UUID, caller: Reader, db: ReadDb, at: Moment, language: Spoken = None
) -> Response:
    """The programme as a page, for reading and for printing."""
    found = await get_event(db, event_id, caller)
    shown = await service.programme_for(db, found, _spoken(request, language), at=at)
    return render(
        request,
        "events/programme.html",
        programme=shown,
        event=found,
        roles=SESSION_ROLES,
        back=f"/events/{event_id}",
    )


@router.get("/events/{event_id}/programme.pdf")
async def programme_document(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    language: Spoken = None,
) -> Response:
    found = await get_event(db, event_id, caller)
    files = settings.files
    shown = await service.programme_for(db, found, _spoken(request, language), at=at, files=files)
    return programme_response(found, await asyncio.to_thread(programme_pdf, shown))


async def _session_of(db: AsyncSession, project_id: UUID, typed: Form) -> SessionIn:
    """What was typed about a session; its host by name, known or new."""
    given: SessionForm = checked_fields(typed, SessionForm)
    hosts = await institutions_named(db, project_id, [given.host])
    return given.to_session(next((host.id for host in hosts.values()), None))


def programme_response(event: Event, content: bytes) -> Response:
    """The printed programme under a name that says which event it is of."""
    return download(content, PDF, f"programme-{event.code}.pdf", inline=True)


def _spoken(request: Request, language: str | None) -> str:
    if language is not None and language not in LANGUAGES:
        raise Unacceptable("language", N_("This language is not spoken here yet."))
    return language or language_of(request)


@router.get("/events/{event_id}/venue-rooms")
async def venue_rooms(
    request: Request, event_id: UUID, caller: Organiser, db: ReadDb, edit: UUID | None = None
) -> Response:
    return render(request, ROOMS, **await rooms_page(event_id, caller, edit)(db))


@router.post("/events/{event_id}/venue-rooms")
async def add_room(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ROOMS, rooms_page(event_id, caller), typed):
        await service.add_room(db, event_id, checked(VenueRoomIn, typed), caller, at=at)
    return see_other(request, f"/events/{event_id}/venue-rooms", N_("Saved."))


@router.post("/events/{event_id}/venue-rooms/{venue_room_id}")
async def change_room(
    request: Request, event_id: UUID, venue_room_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ROOMS, rooms_page(event_id, caller, venue_room_id), typed):
        given: VenueRoomIn = checked(VenueRoomIn, form_fields(typed, lists=()))
        await service.change_room(db, venue_room_id, given, caller, at=at, expected=seen_revision(typed))
    return see_other(request, f"/events/{event_id}/venue-rooms", N_("Saved."))


@router.post("/events/{event_id}/venue-rooms/{venue_room_id}/remove")
async def remove_room(
    request: Request, event_id: UUID, venue_room_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.remove_room(db, venue_room_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/venue-rooms", N_("Removed."))
