"""Uploading a nomination list."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.pasted_lists import read_pasted
from core.documents.tables import read_workbook
from core.i18n import words
from core.pages import Typed, TypedWithFiles, beside, chosen_file, form_again, see_other
from core.web import checked_fields
from directory.accounts.access import Organiser
from directory.imports.schemas import PASTED, PastedListIn
from directory.imports.service import start
from events.nominations.lists.service import PARTICIPANTS
from events.participants.roster.pages import roster_view
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)


@router.post("/events/{event_id}/imports")
async def upload(
    request: Request, event_id: UUID, caller: Organiser, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    with form_again("events/people.html", partial(roster_view, event_id=event_id, caller=caller, at=at), typed):
        name, content = await chosen_file(typed)
        workbook = await read_workbook(name, content)
        async with database.unit_of_work() as db:
            event = await get_event(db, event_id, caller)
            made = await start(db, PARTICIPANTS, event.project_id, event.id, name, workbook, caller, at=at)
    return see_other(request, f"/imports/{made.id}")


@router.post("/events/{event_id}/imports/pasted")
async def paste(
    request: Request, event_id: UUID, caller: Organiser, at: Moment, typed: Typed, database: DatabaseHandle
) -> Response:
    """The same for names that were pasted as text."""
    view = partial(roster_view, event_id=event_id, caller=caller, at=at)
    with form_again("events/people.html", view, typed), beside("text"):
        given: PastedListIn = checked_fields(typed, PastedListIn)
        workbook = await read_pasted(given.text)
        async with database.unit_of_work() as db:
            event = await get_event(db, event_id, caller)
            name = words(caller.language).translate(PASTED)
            made = await start(
                db, PARTICIPANTS, event.project_id, event.id, name, workbook, caller, at=at, is_pasted=True
            )
    return see_other(request, f"/imports/{made.id}")
