"""Nomination lists and invitations as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, UploadFile
from pydantic import BaseModel

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.tables import read_table
from core.web import StrictRoute
from directory.accounts.access import Caller, Organiser, Releaser
from events.invitations.invitations.service import invite
from events.nominations.lists import service
from events.nominations.lists.schemas import ChosenRows, ColumnMap, ImportOut
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut
from notifications.outbox.service import release

router = APIRouter(prefix="/api/v1", tags=["nominations"], route_class=StrictRoute)


class Released(BaseModel):
    """How many messages are on their way now."""

    released: int


@router.post("/events/{event_id}/imports", status_code=201, response_model=ImportOut)
async def upload(
    request: Request, event_id: UUID, file: UploadFile, caller: Organiser, at: Moment, database: DatabaseHandle
) -> dict[str, Any]:
    """Read a CSV or XLSX list and say row by row what importing it will do."""
    # Read before the unit of work: a large file must not hold the database.
    table = await read_table(file.filename or "", await file.read())
    async with database.unit_of_work() as db:
        made = await service.preview(db, event_id, file.filename or "", table, caller, at=at)
        return await _shown(db, made.id, caller)


@router.get("/imports/{import_id}", response_model=ImportOut)
async def get_import(import_id: UUID, caller: Organiser, db: ReadDb) -> dict[str, Any]:
    """A list with its verdicts."""
    return await _shown(db, import_id, caller)


@router.post("/imports/{import_id}/mapping", response_model=ImportOut)
async def map_columns(import_id: UUID, given: ColumnMap, caller: Organiser, db: Db, at: Moment) -> dict[str, Any]:
    """Say which column is what where no headings were found. The project remembers the headings."""
    await service.map_columns(db, import_id, given.indexes, caller, at=at)
    return await _shown(db, import_id, caller)


@router.post("/imports/{import_id}/application", response_model=ImportOut)
async def apply(import_id: UUID, given: ChosenRows, caller: Organiser, db: Db, at: Moment) -> dict[str, Any]:
    """Name the people of the chosen rows."""
    await service.apply(db, import_id, caller, at=at, chosen=given.rows)
    return await _shown(db, import_id, caller)


@router.post("/imports/{import_id}/undoing", response_model=ImportOut)
async def undo(import_id: UUID, caller: Organiser, db: Db, at: Moment) -> dict[str, Any]:
    """Take back everybody of the list who has not been invited yet."""
    await service.undo(db, import_id, caller, at=at)
    return await _shown(db, import_id, caller)


@router.post("/events/{event_id}/invitations", status_code=202, response_model=JobOut)
async def invite_everybody(event_id: UUID, caller: Organiser, db: Db, at: Moment) -> Job:
    """Write an invitation to everybody named, as drafts. The job tells how far that is."""
    return await invite(db, event_id, caller, at=at)


@router.post("/events/{event_id}/messages/release", response_model=Released)
async def release_messages(event_id: UUID, caller: Releaser, db: Db, at: Moment) -> Released:
    """Let all drafts about the event go."""
    event = await get_event(db, event_id, caller)
    return Released(released=await release(db, event.id, event.project_id, caller, at=at))


async def _shown(db: Any, import_id: UUID, caller: Caller) -> dict[str, Any]:
    made, _, rows = await service.get_import(db, import_id, caller)
    return made.model_dump(exclude={"rows"}) | {"rows": rows}
