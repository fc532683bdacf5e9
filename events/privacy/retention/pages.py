"""What is kept how long, as a page on which it is put on hold."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked
from directory.accounts.access import Caller, Organiser, ProjectReader
from directory.projects.service import get_project
from events.privacy.retention import service
from events.privacy.retention.rules import STATUSES
from events.privacy.retention.schemas import HoldIn

router = APIRouter(prefix="/projects/{project_id}/retention", include_in_schema=False)
PAGE = "events/retention.html"


@router.get("")
async def show(request: Request, project_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/{about_id}/hold")
async def hold(
    request: Request, project_id: UUID, about_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        given: HoldIn = checked(HoldIn, {"reason": typed.get("reason", "")})
        await service.hold(db, about_id, given.reason, caller, at=at)
    return see_other(request, f"/projects/{project_id}/retention", N_("It is on hold: nothing of it is forgotten."))


@router.post("/{about_id}/release")
async def release(
    request: Request, project_id: UUID, about_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        await service.release(db, about_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}/retention", N_("The hold is released."))


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    return {
        "project": await get_project(db, project_id, caller),
        "rows": await service.list_kept(db, project_id, caller),
        "statuses": STATUSES,
        "history": await audit.history(db, project_id),
    }
