"""Setting many letters, some to a step, and deleting files of before."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from core.documents.letters import Letter
from events.participants.letter_files import service
from events.participants.letter_files.rules import STEP, LetterFileKind
from events.participants.letter_files.schemas import LetterEnding
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def set_all(
    context: WorkerContext,
    job: Job,
    event_id: UUID,
    kind: LetterFileKind,
    ending: LetterEnding,
    letters: Sequence[Letter],
) -> None:
    """Set them and keep them as one file, saying how far it is. May run twice: the second file takes the place of the
    first."""
    if not letters:
        return
    parts: list[tuple[str, bytes]] = []
    for start in range(0, len(letters), STEP):
        some = letters[start : start + STEP]
        parts += await asyncio.to_thread(service.set_letters, some, ending, start + 1)
        async with context.database.unit_of_work() as db:
            await note_progress(db, job, at=context.clock(), done=start + len(some), total=len(letters))
    content = await asyncio.to_thread(service.joined, parts, ending)
    async with context.database.unit_of_work() as db:
        at = context.clock()
        await service.keep(db, event_id, kind, ending, content, len(letters), context.settings, at=at)


async def sweep(context: WorkerContext) -> None:
    """Files that were made some days ago go."""
    async with context.database.unit_of_work() as db:
        await service.forget_old(db, at=context.clock())
