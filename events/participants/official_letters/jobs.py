"""Making the file of many letters."""

from datetime import datetime

from events.participants.letter_files.jobs import set_all
from events.participants.letter_files.rules import LetterFileKind
from events.participants.official_letters import service
from events.participants.official_letters.schemas import LettersIn, VisaLettersIn
from events.programme.events.models import Event
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def print_letters(context: WorkerContext, job: Job) -> None:
    """Letters to institutions, as things stand now, with the date of the order. May run twice."""
    given = LettersIn(**job.payload["given"])
    async with context.database.reading() as db:
        event = await db.get_one(Event, job.about_id)
        letters = await service.letters_of(db, event, given, context.settings, at=_ordered_at(job))
    await set_all(context, job, job.about_id, LetterFileKind(given.kind.value), given.ending, letters)


async def print_visa_letters(context: WorkerContext, job: Job) -> None:
    """Letters for visas. May run twice."""
    given = VisaLettersIn(**job.payload["given"])
    async with context.database.reading() as db:
        event = await db.get_one(Event, job.about_id)
        letters = await service.visa_letters_of(db, event, given, context.settings, at=_ordered_at(job))
    await set_all(context, job, job.about_id, LetterFileKind.visa, given.ending, letters)


def _ordered_at(job: Job) -> datetime:
    return datetime.fromisoformat(job.payload["ordered_at"])
