"""Uploading bookings, and taking over what they say."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_files, form_again, render, see_other, ticked
from core.settings import Installed, Settings
from core.web import download
from directory.accounts.access import Caller, Organiser
from events.programme.events.service import get_event, lock_event_for
from visits.booking_files import service
from visits.booking_files.rules import LINE_PROBLEMS, PROPOSAL_KINDS, PROPOSAL_WARNINGS, READING_PROBLEMS
from visits.booking_files.schemas import BookingSort

router = APIRouter(include_in_schema=False)
PAGE = "visits/bookings.html"


@router.get("/events/{event_id}/bookings")
async def bookings(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: ReadDb,
    settings: Installed,
    sort: BookingSort,
    job: UUID | None = None,
) -> Response:
    view = await _view(db, event_id=event_id, caller=caller, settings=settings, sort=sort)
    return render(request, PAGE, **{**view, "job": job})


@router.post("/events/{event_id}/bookings")
async def upload(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: TypedWithFiles
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, settings=settings), typed):
        event = await lock_event_for(db, event_id, caller)
        files = await chosen_files(typed)
        _, job = await service.upload(db, event, files, None, caller.signature["by"], settings, at=at)
    return see_other(request, f"/events/{event_id}/bookings?job={job.id}", N_("Uploaded. It is being read."))


@router.post("/events/{event_id}/bookings/take-over")
async def take_over(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, settings=settings), typed):
        event = await lock_event_for(db, event_id, caller)
        legs, nights = await service.take_over(db, event, ticked(typed, "keys"), caller.signature["by"], at=at)
    where = "travel" if legs else "stays"
    said = N_("Taken over. Legs: %(legs)s; bookings of nights: %(nights)s.")
    return see_other(request, f"/events/{event_id}/{where}", said, legs=legs, nights=nights)


@router.get("/events/{event_id}/bookings/{file_id}")
async def booking_file(event_id: UUID, file_id: UUID, caller: Organiser, db: ReadDb, settings: Installed) -> Response:
    file = await service.get_file(db, event_id, file_id, caller)
    return download(await service.content_of(file, settings), "application/octet-stream", file.file_name)


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, settings: Settings, sort: str = ""
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    proposed = (await service.proposals_of(db, event)).sorted(sort)
    return names() | {
        "forward_to": service.mail_address(event_id, settings),
        "event": event,
        "sorts_at": f"/events/{event_id}/bookings",
        "tab": "travel",
        "files": await service.list_files(db, event_id),
        "proposals": proposed.legs,
        "nights": proposed.nights,
        "history": await audit.history(db, event_id),
    }


def names() -> dict[str, object]:
    """Words for what was read, for the traveller's page too."""
    return {
        "kinds": PROPOSAL_KINDS,
        "problems": READING_PROBLEMS,
        "line_problems": LINE_PROBLEMS,
        "warning_texts": PROPOSAL_WARNINGS,
        "job": None,
        "nights": [],
        "sorts_at": "",
    }
