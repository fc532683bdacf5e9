"""Who chose a session, for those who plan it."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import Ending
from core.pages import render, serve_table
from core.web import language_of
from directory.accounts.access import ProjectReader
from events.invitations.session_signups import views
from events.invitations.session_signups.rules import SIGNUP_STATES
from events.invitations.session_signups.views import SignupPaging

router = APIRouter(prefix="/events/{event_id}/sessions/{session_id}", include_in_schema=False)


@router.get("/signups")
async def signups(
    request: Request,
    event_id: UUID,
    session_id: UUID,
    caller: ProjectReader,
    db: ReadDb,
    page_request: SignupPaging,
) -> Response:
    event, session = await views.session_to_choose(db, event_id, session_id, caller)
    page, taken = await views.list_signups(db, session, page_request, language_of(request))
    return render(
        request,
        "events/session_signups.html",
        event=event,
        session=session,
        tab="programme",
        page=page,
        taken=taken,
        states=SIGNUP_STATES,
        history=await audit.history(db, event_id),
    )


@router.get("/signups.{ending}")
async def export(
    request: Request,
    event_id: UUID,
    session_id: UUID,
    ending: Ending,
    caller: ProjectReader,
    db: Db,
    at: Moment,
) -> Response:
    event, session = await views.session_to_choose(db, event_id, session_id, caller)
    language = language_of(request)
    rows = await views.export_signups(db, event, session, caller, language, at=at)
    return await serve_table(f"session-{event.code}", session.title_in(language), rows, ending)
