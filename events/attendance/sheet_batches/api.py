"""Sheets of several events for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import AttendanceReader, Desk
from events.attendance.sheet_batches import service
from events.attendance.sheet_batches.schemas import Chosen, SheetBatchIn
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1/projects/{project_id}/sign-in-sheets", tags=["attendance"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, ZIP: {}}}}


@router.post("", status_code=202, response_model=JobOut)
async def make(project_id: UUID, given: SheetBatchIn, caller: Desk, db: Db, at: Moment) -> Job:
    """Make a further version of the sheet of each of these events. The job tells how far it is."""
    return await service.order(db, project_id, given, caller, at=at)


@router.get("/latest.{ending}", response_class=Response, responses=FILE)
async def latest(
    project_id: UUID,
    ending: service.Ending,
    event: Chosen,
    caller: AttendanceReader,
    db: ReadDb,
    settings: Installed,
) -> Response:
    """The latest sheets of these events in one PDF or one zip. 409 where one has none."""
    content = await service.file_of(db, project_id, event, ending, caller, settings)
    return download(content, PDF if ending == "pdf" else ZIP, f"sign-in-sheets.{ending}")
