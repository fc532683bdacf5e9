"""The roster as JSON, and steps for many people."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import TABLE_FILE, Ending
from core.pages import serve_table
from core.paging import PageOut, PageRequest, page_out
from core.settings import Installed
from core.web import IdempotencyKey, StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.participants.bulk import service as steps
from events.participants.bulk.schemas import BulkIn, BulkPreview
from events.participants.roster import service
from events.participants.roster.rules import Column
from events.participants.roster.schemas import NamedIn, NamedOut, RosterRow, Wanted
from events.participants.roster.views import export_roster
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["people"], route_class=StrictRoute)


@router.get("/people", response_model=PageOut[RosterRow])
async def roster(
    event_id: UUID, caller: ProjectReader, db: ReadDb, page_request: PageRequest, wanted: Wanted
) -> dict[str, Any]:
    """Everybody named for the event who passes the filter."""
    event = await get_event(db, event_id, caller)
    page = await service.list_roster(db, event, wanted, page_request)
    return page_out(page, [RosterRow.of(line) for line in page.rows])


@router.post("/people", status_code=201)
async def name_person(
    event_id: UUID,
    given: NamedIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    key: IdempotencyKey = None,
) -> NamedOut:
    """Name somebody, to be invited with the others; with `is_added` they have a place at once, told and not asked."""
    found = await service.name_by_hand(db, event_id, given, caller, settings, at=at, is_added=given.is_added, key=key)
    return NamedOut.of(*found)


@router.get("/people.{ending}", response_class=Response, responses=TABLE_FILE)
async def export(
    event_id: UUID,
    ending: Ending,
    caller: ProjectReader,
    db: Db,
    at: Moment,
    wanted: Wanted,
    with_answers: bool = False,
) -> Response:
    """The list as a table; with answers, a column for each question. Who took it out is noted."""
    event = await get_event(db, event_id, caller)
    rows = await export_roster(
        db, event, wanted, list(Column), caller, caller.language, with_answers=with_answers, at=at
    )
    return await serve_table(f"people-{event.code}", event.code, rows, ending)


@router.post("/people/bulk/preview", response_model=BulkPreview)
async def preview(event_id: UUID, given: BulkIn, caller: Organiser, db: ReadDb, at: Moment) -> BulkPreview:
    """Whom a step would touch, who of them is told, and to how many who wait the places go that it frees, at most."""
    return await steps.preview(db, await get_event(db, event_id, caller), given, caller, at=at)


@router.post("/people/bulk", status_code=202, response_model=JobOut)
async def bulk(event_id: UUID, given: BulkIn, caller: Organiser, db: Db, at: Moment) -> Job:
    """Take a step for many people. The job tells how far it is."""
    return await steps.order(db, event_id, given, caller, at=at)
