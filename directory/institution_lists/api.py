"""Uploading a list of institutions as a program; the rest of an import is alike for every list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.tables import read_workbook
from core.i18n import words
from core.web import IdempotencyKey, StrictRoute
from directory.accounts.access import Organiser
from directory.imports.schemas import ImportOut
from directory.imports.service import start
from directory.institution_lists.service import INSTITUTIONS
from directory.projects.service import get_project

router = APIRouter(prefix="/api/v1", tags=["institutions"], route_class=StrictRoute)


@router.post("/projects/{project_id}/institution-lists", status_code=201, response_model=ImportOut)
async def upload(
    project_id: UUID,
    file: UploadFile,
    caller: Organiser,
    at: Moment,
    database: DatabaseHandle,
    encoding: Annotated[str, Form(max_length=20)] = "",
    key: IdempotencyKey = None,
) -> ImportOut:
    """Read a list of institutions and their focal points (CSV, XLSX, XLS or ODS) and say line by line what importing it
    will do."""
    workbook = await read_workbook(file.filename or "", await file.read(), encoding=encoding or None)
    async with database.unit_of_work() as db:
        project = await get_project(db, project_id, caller)
        name = file.filename or ""
        made = await start(db, INSTITUTIONS, project.id, project.id, name, workbook, caller, at=at, key=key)
        return ImportOut.of(made, words(caller.language))
