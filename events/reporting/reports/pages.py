"""The report of a project on a page, and as files for the donor."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.pages import render
from core.settings import Installed
from core.web import download, language_of
from directory.accounts.access import Reader
from events.reporting.reports.documents import shown
from events.reporting.reports.rules import SEX_NAMES, SEXES
from events.reporting.reports.schemas import Wanted
from events.reporting.reports.service import read_report
from events.reporting.reports.views import content_of, file_of

router = APIRouter(include_in_schema=False)
FEWEST = {"5": "5", "3": "3", "0": "–"}


@router.get("/projects/{project_id}/report")
async def report(
    request: Request, project_id: UUID, caller: Reader, db: ReadDb, at: Moment, wanted: Wanted
) -> Response:
    found = await read_report(db, project_id, wanted, caller, language_of(request))
    content = content_of(found, at=at)
    return render(
        request,
        "events/report.html",
        project=found.project,
        wanted=wanted,
        content=content,
        report=found,
        components=found.components,
        fewest_choices=FEWEST,
        query=request.url.query,
        shown=shown,
        sex_names=[SEX_NAMES[sex] for sex in SEXES],
    )


@router.post("/projects/{project_id}/report.{ending}")
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
