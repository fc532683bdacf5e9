"""The report of a project on a page, and as files for the donor."""

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.documents.sheets import XLSX
from core.i18n import words
from core.pages import render
from core.settings import Installed
from core.web import download, language_of
from directory.accounts.access import Reader
from directory.projects.service import pictures_of
from events.reporting.reports.documents import report_pdf, report_xlsx, shown
from events.reporting.reports.rules import SEX_NAMES, SEXES
from events.reporting.reports.schemas import Wanted
from events.reporting.reports.service import note_export, read_report
from events.reporting.reports.views import content_of

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
    language = language_of(request)
    found = await read_report(db, project_id, wanted, caller, language)
    pictures = await pictures_of(db, project_id, settings.files)
    content = content_of(found, pictures, at=at)
    await note_export(db, found, caller, at=at)
    name = f"report-{found.project.acronym}-{at:%Y-%m-%d}.{ending}"
    if ending == "xlsx":
        return download(await asyncio.to_thread(report_xlsx, content), XLSX, name)
    return download(await asyncio.to_thread(report_pdf, content, words(language)), PDF, name)
