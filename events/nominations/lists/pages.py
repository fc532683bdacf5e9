"""Uploading a list, looking at what it will do, and doing it."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.tables import read_table
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, render, see_other, ticked
from core.plain_text import whole_number
from core.web import checked
from directory.accounts.access import Caller, Organiser
from directory.people.geography import provinces
from events.invitations.invitations.rules import CATEGORIES
from events.nominations.lists import service
from events.nominations.lists.models import ImportState
from events.nominations.lists.rules import FIELDS, IMPORTABLE, VERDICTS
from events.nominations.lists.schemas import ColumnMap
from events.participants.roster.pages import roster_view

router = APIRouter(include_in_schema=False)
PREVIEW = "events/import.html"


@router.post("/events/{event_id}/imports")
async def upload(
    request: Request, event_id: UUID, caller: Organiser, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    with form_again("events/people.html", partial(roster_view, event_id=event_id, caller=caller), typed):
        name, content = await chosen_file(typed)
        table = await read_table(name, content)
        async with database.unit_of_work() as db:
            made = await service.preview(db, event_id, name, table, caller, at=at)
    return see_other(request, f"/imports/{made.id}")


@router.get("/imports/{import_id}")
async def preview(request: Request, import_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PREVIEW, **await _view(db, import_id=import_id, caller=caller))


@router.post("/imports/{import_id}/mapping")
async def map_columns(
    request: Request, import_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller), typed):
        columns = {typed[f"column-{index}"]: index for index in range(60) if typed.get(f"column-{index}")}
        given: ColumnMap = checked(ColumnMap, {"columns": columns})
        await service.map_columns(db, import_id, given.indexes, caller, at=at)
    return see_other(request, f"/imports/{import_id}", N_("Thank you. The project remembers these headings."))


@router.post("/imports/{import_id}/apply")
async def apply(request: Request, import_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller), typed):
        chosen = [n for row in ticked(typed, "rows") if (n := whole_number(row)) is not None]
        made = await service.apply(db, import_id, caller, at=at, chosen=chosen)
    return see_other(
        request,
        f"/events/{made.event_id}/people",
        N_("%(count)s people are nominated. Next: invite them."),
        count=made.named,
    )


@router.post("/imports/{import_id}/undo")
async def undo(request: Request, import_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller), typed):
        count = await service.undo(db, import_id, caller, at=at)
    return see_other(request, f"/imports/{import_id}", N_("%(count)s nominations are withdrawn."), count=count)


async def _view(db: AsyncSession, *, import_id: UUID, caller: Caller) -> Mapping[str, object]:
    made, event, rows = await service.get_import(db, import_id, caller)
    return {
        "upload": made,
        "event": event,
        "rows": rows,
        "verdicts": VERDICTS,
        "importable": IMPORTABLE,
        "fields": FIELDS,
        "raw": service.raw_table(made)[:6] if made.state is ImportState.unmapped else [],
        "provinces": provinces(),
        "categories": CATEGORIES,
        "good": sum(row.verdict in IMPORTABLE for row in rows),
    }
