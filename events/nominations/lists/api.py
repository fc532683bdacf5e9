"""Uploading a nomination list as a program; the rest of an import is alike for every list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.pasted_lists import read_pasted
from core.documents.tables import read_workbook
from core.i18n import words
from core.pages import beside
from core.web import IdempotencyKey, StrictRoute
from directory.accounts.access import Organiser
from directory.imports.schemas import PASTED, ImportOut, PastedListIn
from directory.imports.service import start
from events.nominations.lists.service import PARTICIPANTS
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["nominations"], route_class=StrictRoute)


@router.post("/events/{event_id}/imports", status_code=201, response_model=ImportOut)
async def upload(
    event_id: UUID,
    file: UploadFile,
    caller: Organiser,
    at: Moment,
    database: DatabaseHandle,
    encoding: Annotated[str, Form(max_length=20)] = "",
    key: IdempotencyKey = None,
) -> ImportOut:
    """Read a list of people (CSV, XLSX, XLS or ODS) and say line by line what importing it will do."""
    # Read before the unit of work: a large file must not hold the database.
    workbook = await read_workbook(file.filename or "", await file.read(), encoding=encoding or None)
    async with database.unit_of_work() as db:
        event = await get_event(db, event_id, caller)
        name = file.filename or ""
        made = await start(db, PARTICIPANTS, event.project_id, event.id, name, workbook, caller, at=at, key=key)
        return ImportOut.of(made, words(caller.language))


@router.post("/events/{event_id}/imports/pasted", status_code=201, response_model=ImportOut)
async def paste(
    event_id: UUID,
    given: PastedListIn,
    caller: Organiser,
    at: Moment,
    database: DatabaseHandle,
    key: IdempotencyKey = None,
) -> ImportOut:
    """The same for people who were pasted as text: cells of a spreadsheet, “Name <address>”, or plain lines."""
    say = words(caller.language)
    with beside("text"):
        workbook = await read_pasted(given.text)
    async with database.unit_of_work() as db:
        event = await get_event(db, event_id, caller)
        name = say.translate(PASTED)
        made = await start(
            db, PARTICIPANTS, event.project_id, event.id, name, workbook, caller, at=at, key=key, is_pasted=True
        )
        return ImportOut.of(made, say)
