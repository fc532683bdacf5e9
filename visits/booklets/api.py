"""Booklets for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser, Reader
from events.programme.events.service import get_event
from visits.booklets import service
from visits.booklets.schemas import (
    BookletJobOut,
    BookletLanguage,
    BookletOrder,
    BookletOut,
    BookletTextIn,
    BookletTextOut,
)

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/events/{event_id}/booklet-texts", response_model=list[BookletTextOut])
async def texts(event_id: UUID, caller: Organiser, db: ReadDb) -> list[BookletTextOut]:
    """What the organiser wrote for booklets, in each language."""
    event = await get_event(db, event_id, caller)
    found = await service.texts_of(db, event.id)
    return [BookletTextOut.of("en", found.get("en")), BookletTextOut.of("tr", found.get("tr"))]


@router.put("/events/{event_id}/booklet-texts/{language}", response_model=BookletTextOut)
async def write(
    event_id: UUID, language: BookletLanguage, given: BookletTextIn, caller: Organiser, db: Db, at: Moment
) -> BookletTextOut:
    """Write what booklets say in one language."""
    return BookletTextOut.of(language, await service.write_texts(db, event_id, language, given, caller, at=at))


@router.get("/events/{event_id}/booklet", response_class=Response)
async def for_everybody(
    event_id: UUID, caller: Reader, db: ReadDb, at: Moment, settings: Installed, language: BookletLanguage = "en"
) -> Response:
    """The booklet with the programme and nobody's itinerary, as PDF."""
    content = await service.for_everybody(db, event_id, language, caller, settings, at=at)
    return download(content, PDF, "booklet.pdf")


@router.post("/events/{event_id}/booklets", status_code=202, response_model=BookletJobOut)
async def order(event_id: UUID, given: BookletOrder, caller: Organiser, db: Db, at: Moment) -> BookletJobOut:
    """Have everybody's booklet made by a job."""
    return BookletJobOut(job_id=(await service.order(db, event_id, given, caller, at=at)).id)


@router.get("/events/{event_id}/booklets", response_model=list[BookletOut])
async def booklets(event_id: UUID, caller: Organiser, db: ReadDb) -> list[BookletOut]:
    """Those that were made, by name."""
    event = await get_event(db, event_id, caller)
    return [BookletOut.of(booklet) for booklet, _ in await service.list_booklets(db, event.id)]


@router.get("/events/{event_id}/booklets/all.{ending}", response_class=Response)
async def booklet_bundle(
    event_id: UUID, ending: service.BundleOf, caller: Organiser, db: ReadDb, settings: Installed
) -> Response:
    """All that were made, in one PDF to print or one zip."""
    content = await service.bundle(db, event_id, ending, caller, settings)
    return download(content, PDF if ending == "pdf" else ZIP, f"booklets.{ending}")


@router.get("/booklets/{booklet_id}", response_class=Response)
async def booklet_file(booklet_id: UUID, caller: Organiser, db: ReadDb, settings: Installed) -> Response:
    """One person's booklet as it was made."""
    return download(await service.file_of(db, booklet_id, caller, settings), PDF, "booklet.pdf")
