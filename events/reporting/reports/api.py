"""Reports for programs."""

from uuid import UUID

from fastapi import APIRouter, Request

from core.db import ReadDb
from core.web import StrictRoute, language_of
from directory.accounts.access import Reader
from events.reporting.reports.schemas import ReportOut, Wanted
from events.reporting.reports.service import read_report

router = APIRouter(prefix="/api/v1", tags=["reports"], route_class=StrictRoute)


@router.get("/projects/{project_id}/report", response_model=ReportOut)
async def report(request: Request, project_id: UUID, caller: Reader, db: ReadDb, wanted: Wanted) -> ReportOut:
    """Participations and person-days by sex and by event, component, kind, category, institution and province. Numbers
    of fewer than five people are hidden (`fewest=0` shows them: not for what leaves the project)."""
    found = await read_report(db, project_id, wanted, caller, language_of(request))
    return ReportOut.of(found.totals, found.tables, is_disclosing=found.is_disclosing)
