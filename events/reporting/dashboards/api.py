"""Events as a table, for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.db import ReadDb
from core.documents.sheets import TABLE_FILE, Ending
from core.i18n import words
from core.pages import serve_table
from core.web import StrictRoute
from directory.accounts.access import Reader
from directory.projects.service import get_project
from events.programme.events.schemas import Filtered
from events.reporting.dashboards.service import export_rows, province_rows

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=StrictRoute)


@router.get("/events.{ending}", response_class=Response, responses=TABLE_FILE)
async def events_file(ending: Ending, caller: Reader, db: ReadDb, wanted: Filtered) -> Response:
    """Events of your projects as a table."""
    rows = await export_rows(db, caller, wanted, caller.language)
    return await serve_table("events", words(caller.language).translate("Events"), rows, ending)


@router.get("/projects/{project_id}/provinces.{ending}", response_class=Response, responses=TABLE_FILE)
async def provinces_file(project_id: UUID, ending: Ending, caller: Reader, db: ReadDb) -> Response:
    """Events, participants and women of a project by province, as a table in your language."""
    await get_project(db, project_id, caller)
    say = words(caller.language)
    rows = await province_rows(db, project_id, say)
    return await serve_table("provinces", say.translate("Provinces"), rows, ending)
