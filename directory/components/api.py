"""Components and activities as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import Expected, IdempotencyKey, StrictRoute, tag
from directory.accounts.access import Administrator, Reader
from directory.components import service
from directory.components.models import Component
from directory.components.schemas import ComponentIn, ComponentOut
from directory.projects.service import get_project

router = APIRouter(prefix="/api/v1", tags=["projects"], route_class=StrictRoute)


@router.get("/projects/{project_id}/components", response_model=list[ComponentOut])
async def list_components(project_id: UUID, caller: Reader, db: ReadDb) -> list[Component]:
    """Components of a project, each followed by its activities."""
    await get_project(db, project_id, caller)
    return await service.list_components(db, frozenset({project_id}))


@router.post("/projects/{project_id}/components", status_code=201, response_model=ComponentOut)
async def add(
    project_id: UUID,
    given: ComponentIn,
    caller: Administrator,
    db: Db,
    at: Moment,
    key: IdempotencyKey = None,
) -> Component:
    """Add a component, or an activity of one."""
    return await service.add_component(db, project_id, given, caller, at=at, key=key)


@router.put("/components/{component_id}", response_model=ComponentOut)
async def change(
    component_id: UUID,
    given: ComponentIn,
    caller: Administrator,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
) -> Component:
    """Change what is planned for a component. With If-Match, 412 where somebody else was faster: the ETag is `"r…"`
    with the component's `revision`."""
    component = await service.change_component(db, component_id, given, caller, at=at, expected=expected)
    tag(response, component.revision)
    return component


@router.delete("/components/{component_id}", status_code=204)
async def remove(component_id: UUID, caller: Administrator, db: Db, at: Moment) -> Response:
    """Remove a component that nothing hangs on."""
    await service.remove_component(db, component_id, caller, at=at)
    return Response(status_code=204)
