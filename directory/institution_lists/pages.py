"""Uploading a list of institutions and their focal points."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.tables import read_workbook
from core.pages import TypedWithFiles, chosen_file, form_again, see_other
from core.web import checked, language_of
from directory.accounts.access import Organiser
from directory.imports.service import start
from directory.institution_lists.service import INSTITUTIONS
from directory.institutions.pages import LIST, list_view
from directory.projects.service import get_project

router = APIRouter(include_in_schema=False)


@router.post("/institutions/imports")
async def upload(
    request: Request, caller: Organiser, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    with form_again(LIST, partial(list_view, caller=caller, language=language_of(request)), typed):
        project_id = checked(dict[str, UUID], {"project_id": typed.get("project_id")})["project_id"]
        name, content = await chosen_file(typed)
        workbook = await read_workbook(name, content)
        async with database.unit_of_work() as db:
            project = await get_project(db, project_id, caller)
            made = await start(db, INSTITUTIONS, project.id, project.id, name, workbook, caller, at=at)
    return see_other(request, f"/imports/{made.id}")
