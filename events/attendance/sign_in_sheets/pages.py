"""The sheet to print and the grid to enter what was signed."""

import asyncio
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.pdf import PDF
from core.errors import N_
from core.pages import Form, Typed, form_again, render, see_other, ticked
from core.settings import Installed
from core.web import checked, download, language_of
from core.zones import days_between
from directory.accounts.access import Caller, Desk
from events.attendance.sign_in_sheets import service
from events.attendance.sign_in_sheets.documents import sign_in_sheet
from events.attendance.sign_in_sheets.models import Half
from events.attendance.sign_in_sheets.schemas import AttendanceIn, Order
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}", include_in_schema=False)
PAGE = "events/attendance.html"


@router.get("/attendance")
async def attendance(request: Request, event_id: UUID, caller: Desk, db: ReadDb, day: date | None = None) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, day=day))


@router.post("/attendance")
async def enter(request: Request, event_id: UUID, caller: Desk, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: AttendanceIn = checked(AttendanceIn, _entries(typed))
        halves = {entry.registration_id: frozenset(entry.halves) for entry in given.entries}
        await service.enter(db, event_id, given.day, halves, caller, at=at)
    return see_other(request, f"/events/{event_id}/attendance?day={given.day}", N_("Saved."))


@router.get("/sign-in-sheet.pdf")
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
    language = language_of(request)
    async with database.unit_of_work() as db:
        event, shown = await service.sheet_for(
            db, event_id, caller, language, by=by, blank=blank, files=settings.files, at=at
        )
    return download(await asyncio.to_thread(sign_in_sheet, shown), PDF, f"sign-in-{event.code}.pdf", inline=True)


def _entries(typed: Form) -> Form:
    """Boxes of the grid, and beside them who was shown: an empty box is an answer too."""
    signed = [box.partition(":") for box in ticked(typed, "signed")]
    return {
        "day": typed.get("day", ""),
        "entries": [
            {
                "registration_id": shown,
                "halves": [half for registration, _, half in signed if registration == shown],
            }
            for shown in ticked(typed, "shown")
        ],
    }


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, day: date | None = None) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    days = days_between(event.first_day, event.last_day)
    return {
        "event": event,
        "tab": "attendance",
        "days": days,
        "day": day if day in days else days[0],
        "halves": list(Half),
        "people": await list_confirmed(db, event_id),
        "signed": await service.signatures(db, event_id),
        "history": await audit.history(db, event_id),
    }
