"""People that the caller's projects know."""

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
from core.paging import PageRequest
from core.web import checked, language_of
from directory.accounts.access import Caller, Organiser, Reader
from directory.accounts.rules import Right
from directory.people import service
from directory.people.geography import provinces, subdivisions
from directory.people.models import SEXES
from directory.people.schemas import NewPerson, PersonIn, PersonSort
from directory.people.service import merges_of
from directory.people.views import export_people, list_people
from directory.projects.service import list_projects

router = APIRouter(include_in_schema=False)
NEW, PERSON = "directory/person_new.html", "directory/person_form.html"
TONGUES = ("tr", "en", "de", "fr", "ar", "fa", "ru", "uk", "bn", "ur")


@router.get("/people")
async def people(
    request: Request,
    caller: Reader,
    db: ReadDb,
    page_request: PageRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: PersonSort = "name",
) -> Response:
    found = await list_people(db, caller, q, page_request, sort)
    return render(
        request,
        "directory/people.html",
        people=found,
        q=q,
        sort=sort,
        provinces=provinces(),
        projects=await list_projects(db, caller),
    )


@router.get("/people/export.{ending}")
async def export(
    request: Request,
    ending: Ending,
    caller: Organiser,
    db: Db,
    at: Moment,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A list that is taken out is noted: who took it, and how long it was."""
    language = language_of(request)
    rows = await export_people(db, caller, q, language, at=at)
    return await serve_table("people", words(language).translate("People"), rows, ending)


@router.get("/people/new")
async def new(request: Request, caller: Organiser, db: ReadDb) -> Response:
    return render(request, NEW, **await _new(db, caller=caller))


@router.post("/people/new")
async def add(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(NEW, partial(_new, caller=caller), typed):
        given: NewPerson = checked(NewPerson, _fields(typed))
        person = await service.add_person(db, given, caller, at=at)
    return see_other(request, f"/people/{person.id}", N_("%(name)s is added."), name=person.name)


@router.get("/people/{person_id}")
async def person(request: Request, person_id: UUID, caller: Reader, db: ReadDb) -> Response:
    found, institution = await service.get_person(db, person_id, caller)
    events = [row for story in service.STORIES for row in await story(db, person_id, caller)]
    return render(
        request,
        "directory/person.html",
        person=found,
        institution=institution,
        events=events,
        sexes=SEXES,
        merges=await merges_of(db, [person_id]),
        others=await service.other_addresses(db, person_id),
        formers=[one for known in service.FORMER_ADDRESSES for one in await known(db, person_id)],
        province=provinces().get(found.province, found.province),
        history=await audit.history(db, person_id, within=caller.projects),
    )


@router.get("/people/{person_id}/edit")
async def edit(request: Request, person_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PERSON, **await _view(db, person_id=person_id, caller=caller))


@router.post("/people/{person_id}/edit")
async def change(request: Request, person_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PERSON, partial(_view, person_id=person_id, caller=caller), typed):
        given = checked(PersonIn, _fields(typed))
        await service.change_person(db, person_id, given, caller, at=at, expected=seen_revision(typed))
    return see_other(request, f"/people/{person_id}", N_("Saved."))


def _fields(typed: Form) -> Form:
    """Telephone numbers and addresses come one on each line."""
    given = form_fields(typed, beside=("revision", "institution_new"))
    for name in ("phones", "other_addresses"):
        given[name] = [line.strip() for line in str(given.get(name, "")).splitlines() if line.strip()]
    return given


async def _new(db: AsyncSession, *, caller: Caller) -> Mapping[str, object]:
    return {
        "own_projects": [one for one in await list_projects(db, caller) if caller.may(Right.plan, one.id)],
        "sexes": SEXES,
        "countries": sorted(country_codes()),
        "provinces": list(provinces().values()),
    }


async def _view(db: AsyncSession, *, person_id: UUID, caller: Caller) -> Mapping[str, object]:
    found, institution = await service.get_person(db, person_id, caller)
    country = found.province.partition("-")[0] or "TR"
    return {
        "person": found,
        "institution": institution,
        "sexes": SEXES,
        "countries": sorted(country_codes()),
        "country": country,
        "others": "\n".join(await service.other_addresses(db, person_id)),
        "tongues": TONGUES,
        "province": subdivisions(country).get(found.province, "") if found.province else "",
        "provinces": list(provinces().values()),
    }
