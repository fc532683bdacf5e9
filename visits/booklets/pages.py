"""The booklet of a visit: its texts, everybody's as a batch, and the files."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.errors import N_
from core.i18n import LANGUAGES
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked_fields, download
from directory.accounts.access import Caller, Organiser
from events.programme.events.service import get_event
from visits.booklets import service
from visits.booklets.rules import BOOKLET_PARTS
from visits.booklets.schemas import BookletLanguage, BookletOrder, BookletTextIn

router = APIRouter(include_in_schema=False)
PAGE = "visits/booklet.html"


@router.get("/events/{event_id}/booklet")
async def booklet(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, job: UUID | None = None) -> Response:
    view = await _view(db, event_id=event_id, caller=caller)
    return render(request, PAGE, **{**view, "job": job})


@router.post("/events/{event_id}/booklet/{language}")
async def write(
    request: Request,
    event_id: UUID,
    language: BookletLanguage,
    caller: Organiser,
    db: Db,
    at: Moment,
    typed: Typed,
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, edited=language), typed):
        given: BookletTextIn = checked_fields(typed, BookletTextIn)
        await service.write_texts(db, event_id, language, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/booklet", N_("Saved."))


@router.get("/events/{event_id}/booklet/{language}.pdf")
async def for_everybody(
    event_id: UUID, language: BookletLanguage, caller: Organiser, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    content = await service.for_everybody(db, event_id, language, caller, settings, at=at)
    return download(content, PDF, "booklet.pdf", inline=True)


@router.post("/events/{event_id}/booklets")
async def order(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        job = await service.order(db, event_id, checked_fields(typed, BookletOrder), caller, at=at)
    return see_other(request, f"/events/{event_id}/booklet?job={job.id}")


@router.get("/events/{event_id}/booklets/all.{ending}")
async def booklet_bundle(
    event_id: UUID, ending: service.BundleOf, caller: Organiser, db: ReadDb, settings: Installed
) -> Response:
    """All that were made, in one PDF to print or one zip."""
    content = await service.bundle(db, event_id, ending, caller, settings)
    return download(content, PDF if ending == "pdf" else ZIP, f"booklets.{ending}")


@router.get("/booklets/{booklet_id}")
async def booklet_file(booklet_id: UUID, caller: Organiser, db: ReadDb, settings: Installed) -> Response:
    return download(await service.file_of(db, booklet_id, caller, settings), PDF, "booklet.pdf", inline=True)


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, edited: str = "") -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "tab": "itinerary",
        "event": event,
        "history": await audit.history(db, event_id),
        "texts": await service.texts_of(db, event_id),
        "booklets": await service.list_booklets(db, event_id),
        "parts": BOOKLET_PARTS,
        "spoken": LANGUAGES,
        "edited": edited,
        "job": None,
    }
