"""Badges and table cards for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.documents.pdf import PDF
from core.web import StrictRoute, download, language_of
from directory.accounts.access import Organiser
from events.attendance.badges.service import Printed, printed

router = APIRouter(prefix="/api/v1", tags=["badges"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.post("/events/{event_id}/badges/{what}.pdf", response_class=Response, responses=FILE)
async def badges(request: Request, event_id: UUID, what: Printed, caller: Organiser, db: Db, at: Moment) -> Response:
    """Name badges (ten to a page, with the code that desks read) or table cards (two to a page, to fold) of everybody
    with a place. 409 where nobody has one."""
    return download(await printed(db, event_id, what, caller, language_of(request), at=at), PDF, f"{what}.pdf")
