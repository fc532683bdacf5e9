"""Printing letters to institutions for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.nominations.printed_letters import service
from events.nominations.printed_letters.schemas import PrintIn
from events.participants.letter_files.api import FILE_OR_JOB, file_or_job
from events.participants.letter_files.rules import LetterFileKind

router = APIRouter(prefix="/api/v1", tags=["calls"], route_class=StrictRoute)


@router.post("/events/{event_id}/calls/letters/print", response_class=Response, responses=FILE_OR_JOB)
async def print_letters(
    event_id: UUID, given: PrintIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """The letters to all institutions that cannot be written to by mail, each with a link of its own. 409 where there
    is none. More than five are made by a job (202), and then fetched as `/events/{event_id}/letter-files/nominations`.
    """
    made = await service.print_letters(db, event_id, given.ending, caller, settings, at=at)
    return file_or_job(made, LetterFileKind.nominations, given.ending)
