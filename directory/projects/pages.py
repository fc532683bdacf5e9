"""The project's pages: its details and shares, its members, its logos."""

import asyncio
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, form_fields, render, see_other, seen_revision
from core.settings import Installed
from core.text import Name
from core.web import checked
from core.zones import zone_names
from directory.accounts.access import Administrator, Caller, Reader
from directory.accounts.rules import RIGHTS, ROLE_USES, ROLES, rights_of
from directory.projects import service
from directory.projects.schemas import MemberIn, NewProject, ProjectIn
from directory.projects.views import project_history

router = APIRouter(include_in_schema=False)
PAGE, NEW, MEMBERS = "directory/project.html", "directory/project_new.html", "directory/members.html"


@router.get("/projects")
async def projects(request: Request, caller: Reader, db: ReadDb) -> Response:
    return render(request, "directory/projects.html", projects=await service.list_projects(db, caller))


@router.get("/projects/new")
async def new_project(request: Request, caller: Administrator) -> Response:
    return render(request, NEW)


@router.post("/projects/new")
async def found(
    request: Request, caller: Administrator, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(NEW, _nothing, typed):
        project = await service.found_project(db, checked(NewProject, typed), caller, settings, at=at)
    return see_other(
        request,
        f"/projects/{project.id}",
        N_("The project is there. Next: its documents, components and members."),
    )


@router.get("/projects/{project_id}")
async def project(request: Request, project_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}")
async def change(
    request: Request, project_id: UUID, caller: Administrator, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        given = checked(ProjectIn, form_fields(typed))
        await service.change_project(db, project_id, given, caller, settings, at=at, expected=seen_revision(typed))
    return see_other(request, f"/projects/{project_id}", N_("Saved."))


@router.get("/projects/{project_id}/members")
async def members(request: Request, project_id: UUID, caller: Administrator, db: ReadDb) -> Response:
    return render(request, MEMBERS, **await _members_view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/members")
async def add_member(
    request: Request, project_id: UUID, caller: Administrator, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(MEMBERS, partial(_members_view, project_id=project_id, caller=caller), typed):
        given: MemberIn = checked(MemberIn, typed)
        new = await service.add_member(db, project_id, given, caller, settings, at=at)
    notice = N_("The role is given, and they are told by mail how to sign in.")
    if new is None:
        notice = N_("They have this role already. Nobody was written to.")
    elif new.name != given.name:
        notice = N_("This address is %(name)s’s, who has got the role and is told by mail.")
    return see_other(request, f"/projects/{project_id}/members", notice, name=new.name if new else "")


@router.post("/projects/{project_id}/members/{membership_id}/remove")
async def remove_member(
    request: Request, project_id: UUID, membership_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(MEMBERS, partial(_members_view, project_id=project_id, caller=caller), typed):
        await service.remove_member(db, membership_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}/members", N_("Removed."))


@router.post("/projects/{project_id}/logos")
async def add_logo(
    request: Request,
    project_id: UUID,
    caller: Administrator,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        title: str = checked(dict[str, Name], {"logo_title": typed.get("logo_title", "")})["logo_title"]
        _, uploaded = await chosen_file(typed)
        await service.add_logo(db, project_id, title, uploaded, settings.files, caller, at=at)
    return see_other(request, f"/projects/{project_id}#logos", N_("Saved."))


@router.get("/logos/{logo_id}")
async def logo(request: Request, logo_id: UUID, caller: Reader, db: ReadDb, settings: Installed) -> Response:
    found = await service.get_logo(db, logo_id, caller)
    content = await asyncio.to_thread(settings.files.read, found.file_hash)
    return Response(content, media_type=found.media_type, headers={"Cache-Control": "private, max-age=86400"})


@router.post("/logos/{logo_id}/remove")
async def remove_logo(
    request: Request, logo_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    project_id = await service.remove_logo(db, logo_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}#logos", N_("Removed."))


async def _nothing(db: AsyncSession) -> Mapping[str, object]:
    return {}


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    found = await service.get_project(db, project_id, caller)
    return {
        "project": found,
        "history": await audit.history(db, project_id),
        "zones": sorted(zone_names()),
        "logos": await service.list_logos(db, project_id),
    }


async def _members_view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    return {
        "project": await service.get_project(db, project_id, caller),
        "roles": ROLES,
        "role_uses": ROLE_USES,
        "rights": {role: [RIGHTS[right] for right in rights_of(role)] for role in ROLES},
        "members": await service.list_members(db, project_id),
        "history": await project_history(db, project_id, caller.language),
    }
