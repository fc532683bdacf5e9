"""Making sheets to sign, and those that were made."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.errors import NN_
from core.pages import Form, Typed, form_again, form_fields, render, see_other
from core.settings import Installed
from core.web import checked, download
from directory.accounts.access import AttendanceReader, Caller, Desk
from events.attendance.sign_in_sheets import service
from events.attendance.sign_in_sheets.schemas import SHEET_CHOICES, SheetIn
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/sign-in-sheets", include_in_schema=False)
PAGE = "events/sign_in_sheets.html"


@router.get("")
async def sheets(request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("")
async def make(
    request: Request, event_id: UUID, caller: Desk, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: SheetIn = checked(SheetIn, _fields(typed))
        made = await service.make(db, event_id, given, caller, settings, at=at)
    notice = NN_(
        "Version %(version)s is ready to print: one person.", "Version %(version)s is ready to print: %(num)s people."
    )
    back = f"/events/{event_id}/sign-in-sheets"
    return see_other(request, back, notice, version=made.version, count=made.people)


@router.get("/{sheet_id}.pdf")
async def sheet_file(
    event_id: UUID, sheet_id: UUID, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    event, row = await service.get_sheet(db, event_id, sheet_id, caller)
    content = await service.file_of(db, event, row, settings)
    return download(content, PDF, service.file_name(event, row), inline=True)


def _fields(typed: Form) -> Form:
    return form_fields(typed, beside=(), lists=("fields",))


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "attendance",
        "sheets": await service.list_sheets(db, event_id),
        "names": await service.names_on(db, event),
        "choices": SHEET_CHOICES,
        "history": await audit.history(db, event_id),
    }
