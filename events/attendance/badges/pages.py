"""Badges and table cards from the attendance page."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.documents.pdf import PDF
from core.pages import Typed
from core.web import download, language_of
from directory.accounts.access import Organiser
from events.attendance.badges.service import Printed, printed

router = APIRouter(include_in_schema=False)


@router.post("/events/{event_id}/badges/{what}.pdf")
async def badges(
    request: Request, event_id: UUID, what: Printed, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    """Ten badges or two table cards to a page."""
    content = await printed(db, event_id, what, caller, language_of(request), at=at)
    return download(content, PDF, f"{what}.pdf", inline=True)
