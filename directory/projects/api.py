"""Projects as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.text import Name
from core.web import Expected, StrictRoute, tag
from directory.accounts.access import Administrator, Reader
from directory.projects import service
from directory.projects.models import Logo, Project
from directory.projects.schemas import LogoOut, MemberIn, MemberOut, NewProject, ProjectIn, ProjectOut

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


@router.get("/{project_id}/members", response_model=list[MemberOut])
async def list_members(project_id: UUID, caller: Administrator, db: ReadDb) -> list[MemberOut]:
    """Who has which role."""
    await service.get_project(db, project_id, caller)
    return [MemberOut.of(*one) for one in await service.list_members(db, project_id)]


@router.post("/{project_id}/members", status_code=204)
async def add_member(
    project_id: UUID, given: MemberIn, caller: Administrator, db: Db, at: Moment, settings: Installed
) -> Response:
    """Give somebody a role, and tell them by mail; who is new gets a link to sign in."""
    await service.add_member(db, project_id, given, caller, settings, at=at)
    return Response(status_code=204)


@router.delete("/{project_id}/members/{membership_id}", status_code=204)
async def remove_member(project_id: UUID, membership_id: UUID, caller: Administrator, db: Db, at: Moment) -> Response:
    """Take a role away. A project keeps at least one administrator."""
    await service.remove_member(db, membership_id, caller, at=at)
    return Response(status_code=204)


@router.get("/{project_id}/logos", response_model=list[LogoOut])
async def list_logos(project_id: UUID, caller: Reader, db: ReadDb) -> list[Logo]:
    """The marks of partners that stand on letters."""
    await service.get_project(db, project_id, caller)
    return await service.list_logos(db, project_id)


@router.post("/{project_id}/logos", status_code=201, response_model=LogoOut)
async def add_logo(
    project_id: UUID,
    title: Annotated[Name, Form()],
    file: Annotated[UploadFile, File()],
    caller: Administrator,
    db: Db,
    at: Moment,
    settings: Installed,
) -> Logo:
    """Add the mark of a partner, a PNG or JPEG; six at most."""
    return await service.add_logo(db, project_id, title, await file.read(), settings.files, caller, at=at)


@router.delete("/{project_id}/logos/{logo_id}", status_code=204)
async def remove_logo(project_id: UUID, logo_id: UUID, caller: Administrator, db: Db, at: Moment) -> Response:
    """Take a mark away."""
    await service.remove_logo(db, logo_id, caller, at=at)
    return Response(status_code=204)
