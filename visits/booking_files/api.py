"""Bookings for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser
from events.programme.events.service import get_event, lock_event_for
from visits.booking_files import service
from visits.booking_files.schemas import BookingSort, BookingsOut, BookingUpload, TakenOver, TakeOver

router = APIRouter(prefix="/api/v1/events/{event_id}/bookings", tags=["travel"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.post("", status_code=202, response_model=BookingUpload)
async def upload(
    event_id: UUID,
    file: Annotated[list[UploadFile], File()],
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
) -> BookingUpload:
    """Upload confirmations, calendar entries, wallet passes, boarding passes: mails, HTML, ICS, PKPASS, PDF or
    pictures, of at most ten megabytes together. They are read by a job; nothing is entered by that."""
    event = await lock_event_for(db, event_id, caller)
    files = [(one.filename or "", await one.read()) for one in file]
    kept, job = await service.upload(db, event, files, None, caller.signature["by"], settings, at=at)
    return BookingUpload.of(kept, job.id)


@router.get("", response_model=BookingsOut)
async def bookings(
    event_id: UUID, caller: Organiser, db: ReadDb, settings: Installed, sort: BookingSort
) -> BookingsOut:
    """What was uploaded, and what all of it says together beside the legs that are entered. `sort` names a column of
    legs or one of nights."""
    event = await get_event(db, event_id, caller)
    return BookingsOut.of(
        await service.list_files(db, event_id),
        (await service.proposals_of(db, event)).sorted(sort),
        service.mail_address(event_id, settings),
    )


@router.post("/application", response_model=TakenOver)
async def take_over(event_id: UUID, given: TakeOver, caller: Organiser, db: Db, at: Moment) -> TakenOver:
    """Enter, change or cancel legs and nights as these proposals say. 409 where one of them has changed meanwhile."""
    event = await lock_event_for(db, event_id, caller)
    return TakenOver.of(await service.take_over(db, event, given.keys, caller.signature["by"], at=at))


@router.get("/{file_id}", response_class=Response, responses=FILE)
async def booking_file(event_id: UUID, file_id: UUID, caller: Organiser, db: ReadDb, settings: Installed) -> Response:
    """The file as it came."""
    file = await service.get_file(db, event_id, file_id, caller)
    return download(await service.content_of(file, settings), "application/octet-stream", file.file_name)
