"""A project's own words, with a preview for a real person."""

from collections.abc import Mapping
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
from directory.accounts.access import Caller, Organiser, ProjectReader
from directory.projects.service import get_project
from events.messaging.templates import service
from events.messaging.templates.rules import OWN_TEXTS, PLACEHOLDERS, OwnText
from events.messaging.templates.schemas import OwnTextIn

router = APIRouter(include_in_schema=False)
LIST, PAGE = "events/texts.html", "events/text.html"


@router.get("/projects/{project_id}/texts")
async def texts(request: Request, project_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    project = await get_project(db, project_id, caller)
    return render(request, LIST, project=project, kinds=OWN_TEXTS)


@router.get("/projects/{project_id}/texts/{kind}")
async def text(
    request: Request,
    project_id: UUID,
    kind: OwnText,
    caller: ProjectReader,
    db: ReadDb,
    shown: UUID | None = None,
) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, kind=kind, caller=caller, shown=shown))


@router.post("/projects/{project_id}/texts/{kind}")
async def save(
    request: Request, project_id: UUID, kind: OwnText, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, kind=kind, caller=caller), typed):
        await service.set_text(db, project_id, kind, checked(OwnTextIn, typed), caller, at=at)
    return see_other(request, f"/projects/{project_id}/texts/{kind}", N_("Saved. Below as somebody would read it."))


@router.get("/projects/{project_id}/texts/{kind}/html")
async def html(
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
    message = await service.preview(db, project_id, kind, caller, settings, at=at, invitation_id=shown)
    return framed(message.html)


async def _view(
    db: AsyncSession, *, project_id: UUID, kind: OwnText, caller: Caller, shown: UUID | None = None
) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    return {
        "project": project,
        "kind": kind,
        "name": OWN_TEXTS[kind],
        "own": project.texts.get(kind, {}),
        "placeholders": PLACEHOLDERS,
        "readers": await service.readers(db, project_id),
        "shown": shown,
    }
