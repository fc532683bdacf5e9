"""The tree of institutions as pages."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import Ending
from core.errors import N_
from core.i18n import country_codes, words
from core.pages import Form, Typed, form_again, form_fields, render, see_other, seen_revision, serve_table
from core.paging import PageRequest, Paging
from core.text import Blank
from core.web import checked, language_of
from directory.accounts.access import Caller, Organiser, Reader
from directory.accounts.rules import Right
from directory.institutions import service
from directory.people.geography import provinces, subdivisions
from directory.people.models import INSTITUTION_KINDS, InstitutionKind
from directory.people.schemas import FocalPointIn, InstitutionIn, InstitutionSort, NewInstitution
from directory.projects.service import get_project, list_projects
from directory.suggestions.service import institution_meant, person_meant

router = APIRouter(include_in_schema=False)
LIST, ONE = "directory/institutions.html", "directory/institution.html"


@router.get("/institutions")
async def institutions(
    request: Request,
    caller: Reader,
    db: ReadDb,
    page_request: PageRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[InstitutionKind | None, Blank] = None,
    sort: InstitutionSort = "name",
) -> Response:
    language = language_of(request)
    view = await list_view(db, caller=caller, page_request=page_request, q=q, kind=kind, language=language, sort=sort)
    return render(request, LIST, **view)


@router.post("/institutions")
async def add(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(LIST, partial(list_view, caller=caller, language=language_of(request)), typed):
        project_id = checked(dict[str, UUID], {"project_id": typed.get("project_id")})["project_id"]
        await get_project(db, project_id, caller)
        given: NewInstitution = checked(NewInstitution, await _fields(db, typed, project_id))
        institution = await service.add_institution(db, given, caller, at=at)
    return see_other(request, f"/institutions/{institution.id}", N_("Saved."))


@router.get("/institutions/export.{ending}")
async def export(
    request: Request,
    ending: Ending,
    caller: Reader,
    db: ReadDb,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    language = language_of(request)
    rows = await service.export_institutions(db, caller, q, language)
    return await serve_table("institutions", words(language).translate("Institutions"), rows, ending)


@router.get("/institutions/{institution_id}")
async def institution(request: Request, institution_id: UUID, caller: Reader, db: ReadDb) -> Response:
    """One institution; of one that was merged, the one that it is part of now."""
    if kept_id := await service.merged_into(db, institution_id, caller):
        return see_other(request, f"/institutions/{kept_id}")
    return render(request, ONE, **await institution_view(db, institution_id=institution_id, caller=caller))


@router.post("/institutions/{institution_id}")
async def change(
    request: Request, institution_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(institution_view, institution_id=institution_id, caller=caller), typed):
        project_id = (await service.get_institution(db, institution_id, caller)).project_id
        given = checked(InstitutionIn, await _fields(db, typed, project_id))
        await service.change_institution(db, institution_id, given, caller, at=at, expected=seen_revision(typed))
    return see_other(request, f"/institutions/{institution_id}", N_("Saved."))


@router.post("/institutions/{institution_id}/remove")
async def remove(
    request: Request, institution_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(institution_view, institution_id=institution_id, caller=caller), typed):
        await service.remove_institution(db, institution_id, caller, at=at)
    return see_other(request, "/institutions", N_("Removed."))


@router.post("/institutions/{institution_id}/focal-points")
async def focal_points(
    request: Request, institution_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    """Those ticked stay; somebody known, and somebody new by name and address, come to them."""
    with form_again(ONE, partial(institution_view, institution_id=institution_id, caller=caller), typed):
        found = await service.get_institution(db, institution_id, caller)
        keep = checked(list[UUID], typed.get("keep[]", []))
        if who := str(typed.get("who", "")).strip():
            may_add = typed.get("who_new") == "yes"
            known = await person_meant(db, found.project_id, who, caller, field="who", at=at, may_add=may_add)
            keep.append(known.id)
        if typed.get("focal_name") or typed.get("focal_address"):
            given: FocalPointIn = checked(
                FocalPointIn, {name: typed.get(name, "") for name in FocalPointIn.model_fields}
            )
            keep.append((await service.focal_person(db, found, given, caller, at=at)).id)
        await service.set_focal_points(db, institution_id, keep, caller, at=at)
    return see_other(request, f"/institutions/{institution_id}", N_("Saved."))


async def _fields(db: AsyncSession, typed: Form, project_id: UUID) -> Form:
    """The one above is typed by name, known or chosen to be created."""
    given = form_fields(typed, beside=("revision", "parent", "parent_new"), lists=())
    may_add = typed.get("parent_new") == "yes"
    name = str(typed.get("parent", "")).strip()
    parent = await institution_meant(db, project_id, name, field="parent", may_add=may_add)
    return given | ({"parent_id": parent.id} if parent else {})


async def list_view(
    db: AsyncSession,
    *,
    caller: Caller,
    page_request: Paging | None = None,
    q: str = "",
    kind: InstitutionKind | None = None,
    language: str = "tr",
    sort: InstitutionSort = "name",
) -> Mapping[str, object]:
    projects = await list_projects(db, caller)
    return {
        "found": await service.list_institutions(
            db, caller, q, page_request or Paging(1, 50), kind=kind, language=language, sort=sort
        ),
        "q": q,
        "sort": sort,
        "kind": kind,
        "projects": projects,
        "own_projects": [project for project in projects if caller.may(Right.plan, project.id)],
        **_choices(),
    }


async def institution_view(db: AsyncSession, *, institution_id: UUID, caller: Caller) -> Mapping[str, object]:
    found = await service.get_institution(db, institution_id, caller)
    path = await service.path_of(db, found)
    return {
        "institution": found,
        "above": path,
        "children": await service.children_of(db, institution_id),
        "focal_points": await service.focal_points(db, institution_id),
        "province": subdivisions(found.country).get(found.province, "") if found.province else "",
        "merges": await service.merges_of(db, institution_id),
        "history": await audit.history(db, institution_id),
        **_choices(),
    }


def _choices() -> Mapping[str, object]:
    return {"kinds": INSTITUTION_KINDS, "countries": sorted(country_codes()), "provinces": provinces()}
