"""A project's own words as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from directory.projects.service import get_project
from events.messaging.templates import service
from events.messaging.templates.rules import OwnText
from events.messaging.templates.schemas import OwnTextIn, Preview
from notifications.outbox.models import Message

router = APIRouter(prefix="/api/v1/projects/{project_id}/texts", tags=["projects"], route_class=StrictRoute)


@router.get("")
async def texts(project_id: UUID, caller: ProjectReader, db: ReadDb) -> dict[OwnText, OwnTextIn]:
    """Mails that the project says in its own words."""
    project = await get_project(db, project_id, caller)
    return {OwnText(kind): OwnTextIn.model_validate(said) for kind, said in project.texts.items()}


@router.put("/{kind}")
async def save(project_id: UUID, kind: OwnText, given: OwnTextIn, caller: Organiser, db: Db, at: Moment) -> OwnTextIn:
    """Say a mail in the project's own words; with nothing in them, in Heyet's again."""
    project = await service.set_text(db, project_id, kind, given, caller, at=at)
    return OwnTextIn.model_validate(project.texts.get(kind, {}))


@router.get("/{kind}/preview", response_model=Preview)
async def preview(
    project_id: UUID,
    kind: OwnText,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    invitation_id: UUID | None = None,
) -> Message:
    """The mail as a real person of the project would get it."""
    return await service.preview(db, project_id, kind, caller, settings, at=at, invitation_id=invitation_id)
