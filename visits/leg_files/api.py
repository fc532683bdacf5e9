"""Files of legs for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_of, page_out
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import MoneyReader, Organiser
from events.programme.events.service import get_event
from visits.leg_files import service
from visits.leg_files.schemas import LegFileOut, LegFilePaging

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.post("/legs/{leg_id}/files", status_code=202, response_model=list[LegFileOut])
async def attach(
    leg_id: UUID,
    registration_id: Annotated[UUID, Form()],
    file: Annotated[list[UploadFile], File()],
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
) -> list[LegFileOut]:
    """Attach tickets or boarding passes to the leg of one person. They are read like other bookings; nothing is entered
    by that."""
    files = [(one.filename or "", await one.read()) for one in file]
    leg = await service.attach(db, leg_id, registration_id, files, caller, settings, at=at)
    return [LegFileOut.of(one) for one in await service.list_leg_files(db, leg.event_id, at=at, leg_id=leg.id)]


@router.get("/events/{event_id}/leg-files", response_model=PageOut[LegFileOut])
async def leg_files(
    event_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment, paging: LegFilePaging
) -> dict[str, Any]:
    """Tickets and boarding passes that lie with legs."""
    await get_event(db, event_id, caller)
    page = page_of(await service.list_leg_files(db, event_id, at=at), paging, service.LEG_FILE_SORTS)
    return page_out(page, [LegFileOut.of(one) for one in page.rows])


@router.post("/events/{event_id}/leg-files/{file_id}/content", response_class=Response, responses=FILE)
async def take_along(
    event_id: UUID, file_id: UUID, caller: MoneyReader, db: Db, at: Moment, settings: Installed
) -> Response:
    """The file as it came; the history says who took it. 403 for whoever does not plan until the traveller's last leg
    is over: before that, its bar code opens the booking."""
    name, content = await service.take_along(db, event_id, file_id, caller, settings, at=at)
    return download(content, "application/octet-stream", name)
