"""Events and sessions as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.paging import PageOut, PageRequest, page_out
from core.web import Expected, IdempotencyKey, StrictRoute, tag
from directory.accounts.access import Caller, Organiser, Reader
from events.programme.events import service
from events.programme.events.models import Event, Session
from events.programme.events.schemas import (
    EventChange,
    EventDetail,
    EventIn,
    EventOut,
    Filtered,
    SessionIn,
    SessionOut,
)
from events.programme.events.views import warnings_of

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=StrictRoute)
Tell = Annotated[bool, Query(description="Write to the people concerned when time or place moves.")]


@router.post("/events", status_code=201, response_model=EventDetail)
async def create_event(
    given: EventIn, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None
) -> EventDetail:
    """Plan an event with its agenda."""
    return await _detail(db, await service.create_event(db, given, caller, at=at, key=key), caller, at=at)


@router.get("/events", response_model=PageOut[EventOut])
async def list_events(caller: Reader, db: ReadDb, page_request: PageRequest, wanted: Filtered) -> dict[str, Any]:
    """Events of your projects that pass the filter."""
    page = await service.list_events(db, caller, wanted, page_request)
    return page_out(page, page.rows)


@router.get("/events/{event_id}", response_model=EventDetail)
async def get_event(event_id: UUID, caller: Reader, db: ReadDb, at: Moment, response: Response) -> EventDetail:
    """One event with its agenda. Its ETag goes into If-Match when you change it."""
    event = await service.get_event(db, event_id, caller)
    tag(response, event.revision)
    return await _detail(db, event, caller, at=at)


@router.put("/events/{event_id}", response_model=EventDetail)
async def change_event(
    event_id: UUID,
    given: EventChange,
    caller: Organiser,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
    tell: Tell = True,
) -> EventDetail:
    """Change what was decided about the event. With If-Match, 412 where somebody else was faster."""
    event = await service.change_event(db, event_id, given, caller, at=at, tell=tell, expected=expected)
    tag(response, event.revision)
    return await _detail(db, event, caller, at=at)


@router.post("/events/{event_id}/sessions", status_code=201, response_model=SessionOut)
async def add_session(
    event_id: UUID, given: SessionIn, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None
) -> Session:
    """Add an agenda item."""
    return await service.add_session(db, event_id, given, caller, at=at, key=key)


@router.put("/sessions/{session_id}", response_model=SessionOut)
async def change_session(
    session_id: UUID,
    given: SessionIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
    tell: Tell = True,
) -> Session:
    """Move or rename an agenda item. With If-Match, 412 where somebody else was faster: the ETag is `"r…"` with the
    session's `revision`."""
    session = await service.change_session(db, session_id, given, caller, at=at, tell=tell, expected=expected)
    tag(response, session.revision)
    return session


@router.delete("/sessions/{session_id}", status_code=204)
async def remove_session(session_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take an agenda item out."""
    await service.remove_session(db, session_id, caller, at=at)
    return Response(status_code=204)


async def _detail(db: AsyncSession, event: Event, caller: Caller, *, at: datetime) -> EventDetail:
    warnings = [words(caller.language).translate(one) for one in warnings_of(event, at=at)]
    return EventDetail.of(event, await service.list_sessions(db, event.id), warnings)
