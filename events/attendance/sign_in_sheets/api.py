"""Sign-in sheets for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import AttendanceReader, Desk
from events.attendance.sign_in_sheets import service
from events.attendance.sign_in_sheets.schemas import SheetIn, SignInSheetOut
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1/events/{event_id}/sign-in-sheets", tags=["attendance"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.get("", response_model=list[SignInSheetOut])
async def sheets(event_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[SignInSheetOut]:
    """The event's sheets, the latest first."""
    await get_event(db, event_id, caller)
    return [SignInSheetOut.of(row) for row in await service.list_sheets(db, event_id)]


@router.post("", status_code=201, response_model=SignInSheetOut)
async def make(event_id: UUID, given: SheetIn, caller: Desk, db: Db, at: Moment, settings: Installed) -> SignInSheetOut:
    """Make a sheet of those who have a place now. It stays as it is; another one is a further version."""
    return SignInSheetOut.of(await service.make(db, event_id, given, caller, settings, at=at))


@router.get("/{sheet_id}.pdf", response_class=Response, responses=FILE)
async def sheet_file(
    event_id: UUID, sheet_id: UUID, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    """The file as it was made. 409 where it cannot be made as it was any more."""
    event, row = await service.get_sheet(db, event_id, sheet_id, caller)
    return download(await service.file_of(db, event, row, settings), PDF, service.file_name(event, row))
