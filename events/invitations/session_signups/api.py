"""Who chose a session, as JSON and as a table."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import TABLE_FILE, Ending
from core.pages import serve_table
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import ProjectReader
from events.invitations.session_signups import views
from events.invitations.session_signups.schemas import SignupOut
from events.invitations.session_signups.views import SignupPaging

router = APIRouter(prefix="/api/v1/events/{event_id}/sessions/{session_id}", tags=["capacity"], route_class=StrictRoute)


@router.get("/signups", response_model=PageOut[SignupOut])
async def signups(
    event_id: UUID, session_id: UUID, caller: ProjectReader, db: ReadDb, page_request: SignupPaging
) -> dict[str, Any]:
    """Who has a place in a session that people choose, in the order of coming, and after them who waits for one."""
    _, session = await views.session_to_choose(db, event_id, session_id, caller)
    page, _ = await views.list_signups(db, session, page_request, caller.language)
    return page_out(page, [SignupOut.of(line) for line in page.rows])


@router.get("/signups.{ending}", response_class=Response, responses=TABLE_FILE)
async def export(
    event_id: UUID, session_id: UUID, ending: Ending, caller: ProjectReader, db: Db, at: Moment
) -> Response:
    """The same list as a table, times being local ones of the event. Who took it out is noted."""
    event, session = await views.session_to_choose(db, event_id, session_id, caller)
    rows = await views.export_signups(db, event, session, caller, caller.language, at=at)
    return await serve_table(f"session-{event.code}", session.title_in(caller.language), rows, ending)
