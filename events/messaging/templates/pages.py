"""Words of a project or an event for its mails, with a preview for a real person."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, framed, render, see_other
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Organiser, ProjectReader
from events.messaging.templates import service
from events.messaging.templates.rules import OWN_TEXTS, PLACEHOLDERS, OwnText
from events.messaging.templates.schemas import OwnTextIn
from events.messaging.templates.service import TextOwner

router = APIRouter(include_in_schema=False)
LIST, PAGE = "events/mail_texts.html", "events/mail_text.html"
PROJECT, EVENT = "/projects/{project_id}/texts", "/events/{event_id}/texts"
SAVED = N_("Saved. Below as somebody would read it.")


@router.get(PROJECT)
async def of_project(request: Request, project_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    owner = await service.of_project(db, project_id, caller)
    return render(request, LIST, owner=owner, project=owner.project, kinds=OWN_TEXTS)


@router.get(EVENT)
async def of_event(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    owner = await service.of_event(db, event_id, caller)
    return render(request, LIST, owner=owner, project=owner.project, kinds=OWN_TEXTS)


@router.get(f"{PROJECT}/{{kind}}")
async def project_text(
    request: Request, project_id: UUID, kind: OwnText, caller: ProjectReader, db: ReadDb, shown: UUID | None = None
) -> Response:
    find = partial(service.of_project, project_id=project_id, caller=caller)
    return render(request, PAGE, **await _view(db, find=find, kind=kind, shown=shown))


@router.get(f"{EVENT}/{{kind}}")
async def event_text(
    request: Request, event_id: UUID, kind: OwnText, caller: ProjectReader, db: ReadDb, shown: UUID | None = None
) -> Response:
    find = partial(service.of_event, event_id=event_id, caller=caller)
    return render(request, PAGE, **await _view(db, find=find, kind=kind, shown=shown))


@router.post(f"{PROJECT}/{{kind}}")
async def save_of_project(
    request: Request, project_id: UUID, kind: OwnText, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    find = partial(service.of_project, project_id=project_id, caller=caller)
    with form_again(PAGE, partial(_view, find=find, kind=kind), typed):
        owner = await find(db)
        await service.set_text(db, owner, kind, checked(OwnTextIn, typed), caller, at=at)
    return see_other(request, f"{owner.path}/{kind}", SAVED)


@router.post(f"{EVENT}/{{kind}}")
async def save_of_event(
    request: Request, event_id: UUID, kind: OwnText, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    find = partial(service.of_event, event_id=event_id, caller=caller)
    with form_again(PAGE, partial(_view, find=find, kind=kind), typed):
        owner = await find(db)
        await service.set_text(db, owner, kind, checked(OwnTextIn, typed), caller, at=at)
    return see_other(request, f"{owner.path}/{kind}", SAVED)


@router.get(f"{PROJECT}/{{kind}}/html")
async def html_of_project(
    request: Request,
    project_id: UUID,
    kind: OwnText,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    shown: UUID | None = None,
) -> Response:
    """The HTML part for a sandboxed frame."""
    owner = await service.of_project(db, project_id, caller)
    return framed((await service.preview(db, owner, kind, settings, at=at, invitation_id=shown)).html)


@router.get(f"{EVENT}/{{kind}}/html")
async def html_of_event(
    request: Request,
    event_id: UUID,
    kind: OwnText,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    shown: UUID | None = None,
) -> Response:
    """The HTML part for a sandboxed frame."""
    owner = await service.of_event(db, event_id, caller)
    return framed((await service.preview(db, owner, kind, settings, at=at, invitation_id=shown)).html)


async def _view(
    db: AsyncSession, *, find: Callable[..., Awaitable[TextOwner]], kind: OwnText, shown: UUID | None = None
) -> Mapping[str, object]:
    owner = await find(db)
    return {
        "owner": owner,
        "project": owner.project,
        "kind": kind,
        "name": OWN_TEXTS[kind],
        "own": owner.texts.get(kind, {}),
        "projects_own": owner.project.texts.get(kind, {}) if owner.event else {},
        "placeholders": PLACEHOLDERS,
        "readers": await service.readers(db, owner),
        "shown": shown,
    }
