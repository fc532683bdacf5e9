"""The project's page: its papers and its shares."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked
from directory.accounts.access import Administrator, Caller, Reader
from directory.projects import service
from directory.projects.schemas import ProjectIn

router = APIRouter(include_in_schema=False)
PAGE = "directory/project.html"


@router.get("/projects")
async def projects(request: Request, caller: Reader, db: ReadDb) -> Response:
    return render(request, "directory/projects.html", projects=await service.list_projects(db, caller))


@router.get("/projects/{project_id}")
async def project(request: Request, project_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}")
async def change(
    request: Request, project_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        await service.change_project(db, project_id, checked(ProjectIn, typed), caller, at=at)
    return see_other(request, f"/projects/{project_id}", N_("Saved."))


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, Any]:
    found = await service.get_project(db, project_id, caller)
    return {"project": found, "history": await audit.history(db, project_id)}
