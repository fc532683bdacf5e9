"""The sign-in sheet for programs."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Desk
from events.attendance.sign_in_sheets import service
from events.attendance.sign_in_sheets.documents import make_sheet
from events.attendance.sign_in_sheets.schemas import Order

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["attendance"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.get("/sign-in-sheet.pdf", response_class=Response, responses=FILE)
async def sheet(
    request: Request,
    event_id: UUID,
    caller: Desk,
    at: Moment,
    settings: Installed,
    database: DatabaseHandle,
    by: Order = "name",
    blank: Annotated[int, Query(ge=0, le=200)] = 5,
) -> Response:
    """The sheet to sign, a page or more for each day, in your account's language."""
    async with database.unit_of_work() as db:
        event, shown = await service.sheet_for(
            db,
            event_id,
            caller,
            caller.language,
            by=by,
            blank=blank,
            settings=settings,
            at=at,
        )
    made = await asyncio.to_thread(make_sheet, shown, service.sheet_key(settings))
    return download(made.pdf, PDF, f"sign-in-{event.code}.pdf")
