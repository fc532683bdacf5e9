"""Fetching a file of letters."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.pages import see_other
from core.settings import Installed
from core.web import download
from directory.accounts.access import Organiser
from events.participants.letter_files import service
from events.participants.letter_files.rules import LetterFileKind
from notifications.jobs.models import Job

router = APIRouter(prefix="/events/{event_id}/letter-files", include_in_schema=False)


@router.get("/{kind}")
async def letter_file(
    event_id: UUID, kind: LetterFileKind, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    row, name, content = await service.take(db, event_id, kind, caller, settings, at=at)
    return download(content, PDF if row.ending == "pdf" else ZIP, name)


def file_or_progress(request: Request, made: bytes | Job, name: str) -> Response:
    """The answer to an order of letters: the file, or the page again with how far the job is."""
    if isinstance(made, Job):
        return see_other(request, f"{request.url.path}?job={made.id}")
    is_pdf = name.endswith(".pdf")
    return download(made, PDF if is_pdf else ZIP, name, inline=is_pdf)
