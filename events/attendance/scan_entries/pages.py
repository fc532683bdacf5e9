"""Everything that scans show is looked through on one screen, and then entered."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Form, Typed, form_again, render, see_other, ticked, with_query
from core.text import Blank
from core.web import checked
from directory.accounts.access import Caller, Organiser
from events.attendance.records.rules import HALVES, SOURCES
from events.attendance.scan_entries import service, views
from events.attendance.scan_entries.rules import PAGE_NOTES
from events.attendance.scan_entries.schemas import EntryIn
from events.attendance.scans.rules import PROBLEMS, WARNINGS
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/scan-entries", include_in_schema=False)
PAGE = "events/scan_entries.html"
_TYPED = ("name", "institution", "contact")


@router.get("")
async def review(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: ReadDb,
    scan: Annotated[UUID | None, Blank, Query()] = None,
) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, scan_id=scan))


@router.post("")
async def enter(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    typed: Typed,
    scan: Annotated[UUID | None, Blank, Query()] = None,
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, scan_id=scan), typed):
        given: EntryIn = checked(EntryIn, _entry(typed))
        done = await service.enter(db, event_id, given, caller, at=at)
    notice = N_("Entered from the scans: %(recorded)s half-days, of which %(changed)s changed.")
    if done.without_place:
        notice = N_(
            "Entered from the scans: %(recorded)s half-days, of which %(changed)s changed. %(left)s people signed who "
            "have no place: give them one, then record their attendance by hand."
        )
    facts = {"recorded": done.recorded, "changed": done.changed, "left": len(done.without_place)}
    return see_other(request, f"/events/{event_id}/scans", notice, **facts)


def _entry(typed: Form) -> Form:
    """What a form says: pages that are ticked, cells that were read wrongly, those that were unsure, and what is typed
    of people who are not in the list."""
    left = set(ticked(typed, "leave"))
    keys = sorted({name.partition(":")[2] for name in typed if name.partition(":")[0] == "name"})
    used = set(ticked(typed, "use"))
    return {
        "pages": ticked(typed, "use"),
        "cells": [cell for cell in _cells(typed) if cell["page_id"] in used],
        "walk_ins": [
            {**_row(key), **{field: typed.get(f"{field}:{key}", "") for field in _TYPED}}
            for key in keys
            if key not in left and str(typed.get(f"name:{key}", "")).strip()
        ],
        "left_out": [_row(key) for key in sorted(left)],
        "kept_at": typed.get("kept_at", ""),
    }


def _cells(typed: Form) -> Iterator[dict[str, object]]:
    for one in ticked(typed, "turned"):
        key, _, state = one.rpartition(":")
        yield _cell(key, state)
    for name, said in typed.items():
        kind, _, key = name.partition(":")
        if kind == "cell":
            yield _cell(key, str(said))


def _cell(key: str, state: str) -> dict[str, object]:
    page_id, _, number = key.partition(":")
    return {"page_id": page_id, "number": number, "is_signed": state == "signed"}


def _row(key: str) -> dict[str, object]:
    page_id, _, row = key.partition(":")
    return {"page_id": page_id, "row": row}


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, scan_id: UUID | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "attendance",
        "review": await views.review(db, event, scan_id),
        "action": with_query(f"/events/{event_id}/scan-entries", scan=scan_id),
        "halves": HALVES,
        "sources": SOURCES,
        "problems": PROBLEMS,
        "warnings": WARNINGS,
        "page_notes": PAGE_NOTES,
        "history": await audit.history(db, event_id),
    }
