"""The list of what a project has said in one language only."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.db import ReadDb
from core.pages import render
from directory.accounts.access import Reader
from directory.projects.service import get_project
from events.reporting.languages.rules import TEXT_KINDS
from events.reporting.languages.service import half_said

router = APIRouter(include_in_schema=False)


@router.get("/projects/{project_id}/languages")
async def languages(request: Request, project_id: UUID, caller: Reader, db: ReadDb) -> Response:
    """What is missing in which of the project's languages, each with the page on which it is said."""
    project = await get_project(db, project_id, caller)
    found = await half_said(db, project, caller)
    return render(request, "events/languages.html", project=project, found=found, kinds=TEXT_KINDS)
