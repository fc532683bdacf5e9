"""Words of projects and events for their mails, as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.messaging.templates import service
from events.messaging.templates.rules import OwnText
from events.messaging.templates.schemas import OwnTextIn, Preview
from events.messaging.templates.service import TextOwner
from notifications.outbox.models import Message

router = APIRouter(prefix="/api/v1", route_class=StrictRoute)
PROJECT, EVENT = "/projects/{project_id}/texts", "/events/{event_id}/texts"


@router.get(PROJECT, tags=["projects"])
async def texts(project_id: UUID, caller: ProjectReader, db: ReadDb) -> dict[OwnText, OwnTextIn]:
    """Mails that the project says in its own words."""
    return _said(await service.of_project(db, project_id, caller))


@router.get(EVENT, tags=["events"])
async def event_texts(event_id: UUID, caller: ProjectReader, db: ReadDb) -> dict[OwnText, OwnTextIn]:
    """Mails that are said in words of this event alone; they come before the project's."""
    return _said(await service.of_event(db, event_id, caller))


@router.put(f"{PROJECT}/{{kind}}", tags=["projects"])
async def save(project_id: UUID, kind: OwnText, given: OwnTextIn, caller: Organiser, db: Db, at: Moment) -> OwnTextIn:
    """Say a mail in the project's own words; with nothing in them, in Heyet's again."""
    owner = await service.of_project(db, project_id, caller)
    await service.set_text(db, owner, kind, given, caller, at=at)
    return OwnTextIn.model_construct(None, **owner.texts.get(kind, {}))


@router.put(f"{EVENT}/{{kind}}", tags=["events"])
async def save_event_text(
    event_id: UUID, kind: OwnText, given: OwnTextIn, caller: Organiser, db: Db, at: Moment
) -> OwnTextIn:
    """Say a mail of this event in words of its own; with nothing in them, in the project's again."""
    owner = await service.of_event(db, event_id, caller)
    await service.set_text(db, owner, kind, given, caller, at=at)
    return OwnTextIn.model_construct(None, **owner.texts.get(kind, {}))


@router.get(f"{PROJECT}/{{kind}}/preview", tags=["projects"], response_model=Preview)
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
    owner = await service.of_project(db, project_id, caller)
    return await service.preview(db, owner, kind, settings, at=at, invitation_id=invitation_id)


@router.get(f"{EVENT}/{{kind}}/preview", tags=["events"], response_model=Preview)
async def preview_event_text(
    event_id: UUID,
    kind: OwnText,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    invitation_id: UUID | None = None,
) -> Message:
    """The mail as a real person on the event's list would get it."""
    owner = await service.of_event(db, event_id, caller)
    return await service.preview(db, owner, kind, settings, at=at, invitation_id=invitation_id)


def _said(owner: TextOwner) -> dict[OwnText, OwnTextIn]:
    # As it was kept: what would not be taken any more is shown all the same.
    return {OwnText(kind): OwnTextIn.model_construct(None, **said) for kind, said in owner.texts.items()}
