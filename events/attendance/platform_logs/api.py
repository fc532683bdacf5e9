"""Logs of online platforms for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.tables import read_table
from core.web import StrictRoute
from directory.accounts.access import AttendanceReader, Desk
from events.attendance.platform_logs import service
from events.attendance.platform_logs.schemas import LeastMinutes, LogChoices, PlatformLogOut, Recorded

router = APIRouter(prefix="/api/v1", tags=["attendance"], route_class=StrictRoute)


@router.post("/events/{event_id}/platform-logs", status_code=201, response_model=PlatformLogOut)
async def upload(
    event_id: UUID,
    file: UploadFile,
    caller: Desk,
    at: Moment,
    database: DatabaseHandle,
    least_minutes: Annotated[LeastMinutes, Form()] = 30,
) -> PlatformLogOut:
    """Read the list of attendees of Zoom, Teams or Webex, and say whom each line means. Nothing is recorded yet."""
    name, content = file.filename or "", await file.read()
    rows = await read_table(name, content)
    async with database.unit_of_work() as db:
        log = await service.upload(db, event_id, (name, content), rows, least_minutes, caller, at=at)
    async with database.reading() as db:
        log, event = await service.get_log(db, log.id, caller)
        return PlatformLogOut.of(log, (await service.preview(db, event, log))[0])


@router.get("/platform-logs/{platform_log_id}", response_model=PlatformLogOut)
async def log_shown(platform_log_id: UUID, caller: AttendanceReader, db: ReadDb) -> PlatformLogOut:
    """What a log says, and whom each line means."""
    log, event = await service.get_log(db, platform_log_id, caller)
    return PlatformLogOut.of(log, (await service.preview(db, event, log))[0])


@router.post("/platform-logs/{platform_log_id}/application", response_model=Recorded)
async def apply(platform_log_id: UUID, given: LogChoices, caller: Desk, db: Db, at: Moment) -> Recorded:
    """Record who was connected long enough. Proposed people are recorded only if they are chosen."""
    _, changed = await service.apply(db, platform_log_id, given.choices, caller, at=at)
    return Recorded(changed=changed)
