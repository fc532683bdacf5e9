"""Printing letters to institutions."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.pages import Typed, form_again, form_fields, render
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Caller, Organiser
from directory.people.models import Institution
from events.nominations.printed_letters import service
from events.nominations.printed_letters.schemas import PrintIn
from events.nominations.requests.letters_due import calls_to_print
from events.participants.letter_files.pages import file_or_progress, files_view
from events.participants.letter_files.rules import LetterFileKind
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/calls/print", include_in_schema=False)
PAGE = "events/printed_letters.html"


@router.get("")
async def letters(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, job: UUID | None = None) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, job=job))


@router.post("")
async def print_letters(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: PrintIn = checked(PrintIn, form_fields(typed, lists=()))
        made = await service.print_letters(db, event_id, given.ending, caller, settings, at=at)
    event = await get_event(db, event_id, caller)
    return file_or_progress(request, made, f"letters-{event.code}.{given.ending}")


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, job: UUID | None = None) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    calls = await calls_to_print(db, event.id)
    found = await db.exec(select(Institution).where(col(Institution.id).in_([one.institution_id for one in calls])))
    return {
        **await files_view(db, event, [LetterFileKind.nominations], job),
        "institutions": sorted(found, key=lambda one: (one.sort_key, one.id)),
    }
