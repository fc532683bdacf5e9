"""Uploading scans of signed sheets, and those that were uploaded."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_files, form_again, render, see_other
from core.settings import Installed
from core.web import checked_fields, download
from directory.accounts.access import AttendanceReader, Caller, Organiser
from events.attendance.scans import service
from events.attendance.scans.reader import is_installed
from events.attendance.scans.rules import PROBLEMS, SCAN_STATES, WARNINGS
from events.attendance.scans.schemas import KeptAtIn, TypedCode
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/scans", include_in_schema=False)
PAGE = "events/scans.html"


@router.get("")
async def scans(
    request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb, job: UUID | None = None
) -> Response:
    return render(request, PAGE, **{**await _view(db, event_id=event_id, caller=caller), "job": job})


@router.post("")
async def upload(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        files = await chosen_files(typed)
        _, job = await service.upload(db, event_id, files, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/scans?job={job.id}")


@router.get("/{scan_id}/file")
async def scan_file(
    event_id: UUID, scan_id: UUID, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    _, scan = await service.get_scan(db, event_id, scan_id, caller)
    return download(await service.content_of(scan, settings), "application/octet-stream", scan.file_name)


@router.get("/pages/{scan_page_id}.jpg")
async def picture(event_id: UUID, scan_page_id: UUID, caller: Organiser, db: ReadDb, settings: Installed) -> Response:
    """A page made straight, as we made it."""
    _, page = await service.get_page(db, event_id, scan_page_id, caller)
    return download(await service.picture_of(page, settings), "image/jpeg", inline=True)


@router.post("/{scan_id}/kept-at")
async def say_where(
    request: Request, event_id: UUID, scan_id: UUID, caller: Organiser, db: Db, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given = checked_fields(typed, KeptAtIn)
        await service.say_where(db, event_id, scan_id, given.kept_at, caller)
    return see_other(request, f"/events/{event_id}/scans", N_("Saved."))


@router.post("/{scan_id}/remove")
async def remove(
    request: Request, event_id: UUID, scan_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        await service.remove(db, event_id, scan_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/scans", N_("Removed."))


@router.post("/pages/{scan_page_id}/code")
async def type_code(
    request: Request,
    event_id: UUID,
    scan_page_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given = checked_fields(typed, TypedCode)
        job = await service.type_code(db, event_id, scan_page_id, given.code, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/scans?job={job.id}")


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    pages: dict[UUID, list[object]] = {}
    for page in await service.pages_of(db, event_id):
        pages.setdefault(page.scan_id, []).append(page)
    return {
        "event": event,
        "tab": "attendance",
        "scans": await service.list_scans(db, event_id),
        "pages": pages,
        "states": SCAN_STATES,
        "problems": PROBLEMS,
        "warnings": WARNINGS,
        "is_installed": is_installed(),
        "job": None,
        "history": await audit.history(db, event_id),
    }
