"""Projects as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import Expected, StrictRoute, tag
from directory.accounts.access import Administrator, Reader
from directory.projects import service
from directory.projects.models import Project
from directory.projects.schemas import NewProject, ProjectIn, ProjectOut

router = APIRouter(prefix="/api/v1/projects", tags=["projects"], route_class=StrictRoute)


@router.get("", response_model=list[ProjectOut])
async def list_projects(caller: Reader, db: ReadDb) -> list[Project]:
    """Projects in which you have a part."""
    return await service.list_projects(db, caller)


@router.post("", status_code=201, response_model=ProjectOut)
async def found(given: NewProject, caller: Administrator, db: Db, at: Moment, settings: Installed) -> Project:
    """Found a project; you administer and organise it."""
    return await service.found_project(db, given, caller, settings, at=at)


@router.get("/{project_id}", response_model=ProjectOut)
async def get_project(project_id: UUID, caller: Reader, db: ReadDb, response: Response) -> Project:
    """A project's details. The ETag goes into If-Match when you change them."""
    project = await service.get_project(db, project_id, caller)
    tag(response, project.revision)
    return project


@router.put("/{project_id}", response_model=ProjectOut)
async def change(
    project_id: UUID,
    given: ProjectIn,
    caller: Administrator,
    db: Db,
    at: Moment,
    settings: Installed,
    expected: Expected,
    response: Response,
) -> Project:
    """Correct a project's details. With If-Match, 412 where somebody else was faster."""
    project = await service.change_project(db, project_id, given, caller, settings, at=at, expected=expected)
    tag(response, project.revision)
    return project
