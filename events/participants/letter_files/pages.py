"""Fetching a file of letters."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.pages import see_other
from core.settings import Installed
from core.web import download
from directory.accounts.access import Organiser
from events.participants.letter_files import service
from events.participants.letter_files.rules import HANDFUL, LETTER_FILES, LetterFileKind
from events.participants.letter_files.schemas import FORMS_OF_FILE
from events.participants.letter_files.service import list_files
from events.programme.events.models import Event
from notifications.jobs.models import Job

router = APIRouter(prefix="/events/{event_id}/letter-files", include_in_schema=False)


@router.get("/{kind}")
async def letter_file(
    event_id: UUID, kind: LetterFileKind, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    row, name, content = await service.take(db, event_id, kind, caller, settings, at=at)
    return download(content, PDF if row.ending == "pdf" else ZIP, name)


async def files_view(
    db: AsyncSession, event: Event, kinds: Sequence[LetterFileKind], job: UUID | None
) -> Mapping[str, object]:
    """What every page on which letters to many are ordered shows."""
    return {
        "event": event,
        "tab": "people",
        "forms_of_file": FORMS_OF_FILE,
        "files": await list_files(db, event.id, kinds),
        "file_kinds": LETTER_FILES,
        "handful": HANDFUL,
        "job": job,
        "history": await audit.history(db, event.id),
    }


def file_or_progress(request: Request, made: bytes | Job, name: str) -> Response:
    """The answer to an order of letters: the file, or the page again with how far the job is."""
    if isinstance(made, Job):
        return see_other(request, f"{request.url.path}?job={made.id}")
    is_pdf = name.endswith(".pdf")
    return download(made, PDF if is_pdf else ZIP, name, inline=is_pdf)
