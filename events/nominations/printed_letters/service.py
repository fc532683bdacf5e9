"""Printing the letters to institutions without anybody to write to, each with a link of its own."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.letters import Letter
from core.settings import Settings
from directory.accounts.access import Caller
from events.nominations.printed_letters.rules import NothingToPrint
from events.nominations.requests.letters_due import calls_to_print
from events.nominations.requests.service import printed_links
from events.nominations.requests.views import letters_of
from events.participants.letter_files.rules import HANDFUL, LetterFileKind
from events.participants.letter_files.schemas import LetterEnding
from events.participants.letter_files.service import joined, set_letters
from events.programme.events.models import Event
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job

PRINT = "events.print_nomination_letters"


async def print_letters(
    db: AsyncSession, event_id: UUID, ending: LetterEnding, caller: Caller, settings: Settings, *, at: datetime
) -> bytes | Job:
    """Letters to all institutions that cannot be written to, by name, with links that go on working only on paper; of
    more than a handful, the job that makes their file. Raises NotFound, NothingToPrint."""
    event = await get_event(db, event_id, caller)
    count = len(await calls_to_print(db, event.id))
    if not count:
        raise NothingToPrint()
    audit.record(
        db,
        "letters.printed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        kind=LetterFileKind.nominations.value,
        letters=count,
    )
    if count > HANDFUL:
        order = {"ending": ending, "ordered_at": at.isoformat()}
        return await enqueue_job(db, PRINT, project_id=event.project_id, about_id=event.id, at=at, **order)
    letters = await letters_to_print(db, event, settings, at=at)
    return await asyncio.to_thread(lambda: joined(set_letters(letters, ending), ending))


async def letters_to_print(db: AsyncSession, event: Event, settings: Settings, *, at: datetime) -> list[Letter]:
    """What these letters say. Each time they get fresh links; those of before go on working."""
    calls = await calls_to_print(db, event.id)
    links = await printed_links(db, calls, settings, at=at)
    return await letters_of(db, calls, event, settings.files, links=links, at=at)
