"""Making the file of many letters to institutions."""

from datetime import datetime

from events.nominations.printed_letters import service
from events.participants.letter_files.jobs import set_all
from events.participants.letter_files.rules import LetterFileKind
from events.programme.events.models import Event
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job


async def print_letters(context: WorkerContext, job: Job) -> None:
    """May run twice: the links of a file that was not kept are on no paper."""
    async with context.database.unit_of_work() as db:
        event = await db.get_one(Event, job.about_id)
        ordered_at = datetime.fromisoformat(job.payload["ordered_at"])
        letters = await service.letters_to_print(db, event, context.settings, at=ordered_at)
    await set_all(context, job, job.about_id, LetterFileKind.nominations, job.payload["ending"], letters)
