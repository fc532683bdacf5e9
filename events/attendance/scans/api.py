"""Scans of signed sheets, for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import AttendanceReader, Organiser
from events.attendance.scans import service
from events.attendance.scans.schemas import KeptAtIn, ScanOut, ScanPageOut, TypedCode, UploadedOut
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1/events/{event_id}/scans", tags=["attendance"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.post("", status_code=202, response_model=UploadedOut)
async def upload(
    event_id: UUID,
    file: Annotated[list[UploadFile], File()],
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
) -> UploadedOut:
    """Upload scans or photographs of signed sheets (PDF, JPEG, PNG, TIFF, HEIC), of at most ten megabytes together.

    They are kept as evidence and read by a job; nothing is entered by that.
    """
    files = [(one.filename or "", await one.read()) for one in file]
    scans, job = await service.upload(db, event_id, files, caller, settings, at=at)
    return UploadedOut.of(scans, job.id)


@router.get("", response_model=list[ScanOut])
async def scans(event_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[ScanOut]:
    """An event's scans, the latest first."""
    await get_event(db, event_id, caller)
    return [ScanOut.of(row) for row in await service.list_scans(db, event_id)]


@router.get("/{scan_id}/pages", response_model=list[ScanPageOut])
async def pages(event_id: UUID, scan_id: UUID, caller: Organiser, db: ReadDb) -> list[ScanPageOut]:
    """What was read on the pages of a scan: each cell, or why not."""
    await service.get_scan(db, event_id, scan_id, caller)
    return [ScanPageOut.of(row) for row in await service.pages_of(db, event_id, scan_id)]


@router.get("/{scan_id}/file", response_class=Response, responses=FILE)
async def scan_file(
    event_id: UUID, scan_id: UUID, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    """The file as it was uploaded."""
    _, scan = await service.get_scan(db, event_id, scan_id, caller)
    return download(await service.content_of(scan, settings), "application/octet-stream", scan.file_name)


@router.put("/{scan_id}/kept-at", response_model=ScanOut)
async def say_where(event_id: UUID, scan_id: UUID, given: KeptAtIn, caller: Organiser, db: Db) -> ScanOut:
    """Say where the original of a scan lies."""
    return ScanOut.of(await service.say_where(db, event_id, scan_id, given.kept_at, caller))


@router.delete("/{scan_id}", status_code=204)
async def remove(event_id: UUID, scan_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a scan away that nothing was entered from."""
    await service.remove(db, event_id, scan_id, caller, at=at)
    return Response(status_code=204)


@router.post("/pages/{scan_page_id}/code", status_code=202, response_model=JobOut)
async def type_code(
    event_id: UUID, scan_page_id: UUID, given: TypedCode, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Job:
    """Read a page anew whose code was not found, by the code as somebody typed it."""
    return await service.type_code(db, event_id, scan_page_id, given.code, caller, settings, at=at)
