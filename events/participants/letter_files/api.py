"""Files of letters for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser
from events.participants.letter_files import service
from events.participants.letter_files.rules import LetterFileKind
from events.participants.letter_files.schemas import LetterEnding, LetterFileOut
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1/events/{event_id}/letter-files", tags=["letters"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, ZIP: {}}}}
# Few letters are the answer itself, many a job.
FILE_OR_JOB: dict[int | str, dict[str, Any]] = {**FILE, 202: {"model": JobOut}}


@router.get("", response_model=list[LetterFileOut])
async def letter_files(event_id: UUID, caller: Organiser, db: ReadDb) -> list[LetterFileOut]:
    """Files of letters that were made by jobs, the latest of each kind. They are deleted after seven days."""
    await get_event(db, event_id, caller)
    return [LetterFileOut.of(row) for row in await service.list_files(db, event_id)]


@router.get("/{kind}", response_class=Response, responses=FILE)
async def letter_file(
    event_id: UUID, kind: LetterFileKind, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """The file; the history keeps who took it. 409 where it was not made or is no longer kept."""
    row, name, content = await service.take(db, event_id, kind, caller, settings, at=at)
    return download(content, PDF if row.ending == "pdf" else ZIP, name)


def file_or_job(made: bytes | Job, kind: LetterFileKind, ending: LetterEnding) -> Response:
    """The answer to an order of letters: the file, or 202 with the job that makes it."""
    if isinstance(made, Job):
        job = JobOut.model_validate(made, from_attributes=True)
        return Response(job.model_dump_json(), status_code=202, media_type="application/json")
    return download(made, PDF if ending == "pdf" else ZIP, f"{kind.value}.{ending}")
