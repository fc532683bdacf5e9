"""Reports for programs."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.documents.sheets import XLSX
from core.settings import Installed
from core.web import StrictRoute, download, language_of
from directory.accounts.access import Reader
from events.reporting.reports.schemas import ReportOut, Wanted
from events.reporting.reports.service import read_report
from events.reporting.reports.views import file_of

router = APIRouter(prefix="/api/v1", tags=["reports"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}, PDF: {}}}}


@router.get("/projects/{project_id}/report", response_model=ReportOut)
async def report(request: Request, project_id: UUID, caller: Reader, db: ReadDb, wanted: Wanted) -> ReportOut:
    """Participations and person-days by sex and by event, component, kind, category, institution and province. Numbers
    of fewer than five people are hidden (`fewest=0` shows them: not for what leaves the project)."""
    found = await read_report(db, project_id, wanted, caller, language_of(request))
    return ReportOut.of(found.totals, found.tables, is_disclosing=found.is_disclosing)


@router.post("/projects/{project_id}/report.{ending}", response_class=Response, responses=FILE)
async def report_file(
    request: Request,
    project_id: UUID,
    ending: Literal["xlsx", "pdf"],
    caller: Reader,
    db: Db,
    at: Moment,
    settings: Installed,
    wanted: Wanted,
) -> Response:
    """The same as a file; that it was given out is noted, so that the next one warns where both tell too much."""
    found = await read_report(db, project_id, wanted, caller, language_of(request))
    return download(*await file_of(db, found, ending, caller, settings, at=at))
