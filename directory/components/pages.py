"""The plan of a project: its components, activities and targets."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other, seen_revision
from core.web import checked, checked_fields
from directory.accounts.access import Administrator, Caller, Reader
from directory.components import service
from directory.components.schemas import ComponentIn
from directory.projects.service import get_project

router = APIRouter(include_in_schema=False)
PAGE = "directory/components.html"


@router.get("/projects/{project_id}/components")
async def components(
    request: Request, project_id: UUID, caller: Reader, db: ReadDb, edit: UUID | None = None
) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller, edit=edit))


@router.post("/projects/{project_id}/components")
async def add(request: Request, project_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        await service.add_component(db, project_id, checked(ComponentIn, typed), caller, at=at)
    return see_other(request, f"/projects/{project_id}/components", N_("Saved."))


@router.post("/projects/{project_id}/components/{component_id}")
async def change(
    request: Request, project_id: UUID, component_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller, edit=component_id), typed):
        given: ComponentIn = checked_fields(typed, ComponentIn)
        await service.change_component(db, component_id, given, caller, at=at, expected=seen_revision(typed))
    return see_other(request, f"/projects/{project_id}/components", N_("Saved."))


@router.post("/projects/{project_id}/components/{component_id}/remove")
async def remove(
    request: Request, project_id: UUID, component_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        await service.remove_component(db, component_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}/components", N_("Removed."))


async def _view(
    db: AsyncSession, *, project_id: UUID, caller: Caller, edit: UUID | None = None
) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    found = await service.list_components(db, frozenset({project_id}))
    return {
        "project": project,
        "components": found,
        "tops": [c for c in found if c.parent_id is None],
        "editing": next((c for c in found if c.id == edit), None),
    }
