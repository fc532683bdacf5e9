"""People as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import TABLE_FILE, Ending
from core.i18n import words
from core.pages import serve_table
from core.paging import PageOut, PageRequest, page_out
from core.web import Expected, IdempotencyKey, StrictRoute, tag
from directory.accounts.access import Organiser, Reader
from directory.people import service, views
from directory.people.models import Institution
from directory.people.schemas import NewPerson, PersonIn, PersonOut, PersonSort

router = APIRouter(prefix="/api/v1/people", tags=["people"], route_class=StrictRoute)


@router.get("", response_model=PageOut[PersonOut])
async def list_people(
    caller: Reader,
    db: ReadDb,
    page_request: PageRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: PersonSort = "name",
) -> dict[str, Any]:
    """People that your projects know; `q` finds words of name, address, institution and province."""
    page = await views.list_people(db, caller, q, page_request, sort)
    return page_out(page, [PersonOut.of(person, institution) for person, institution in page.rows])


@router.post("", status_code=201, response_model=PersonOut)
async def add_person(given: NewPerson, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None) -> PersonOut:
    """Add somebody to whom a project knows."""
    person = await service.add_person(db, given, caller, at=at, key=key)
    return PersonOut.of(person, await db.get(Institution, person.institution_id) if person.institution_id else None)


@router.get("/{person_id}", response_model=PersonOut)
async def get_person(person_id: UUID, caller: Reader, db: ReadDb, response: Response) -> PersonOut:
    """One person. The ETag goes into If-Match when you change them."""
    person, institution = await service.get_person(db, person_id, caller)
    tag(response, person.revision)
    return PersonOut.of(person, institution)


@router.put("/{person_id}", response_model=PersonOut)
async def change_person(
    person_id: UUID,
    given: PersonIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
) -> PersonOut:
    """Correct what is known of a person. With If-Match, 412 where somebody else was faster."""
    person = await service.change_person(db, person_id, given, caller, at=at, expected=expected)
    tag(response, person.revision)
    return PersonOut.of(person, await db.get(Institution, person.institution_id) if person.institution_id else None)


@router.get(".{ending}", response_class=Response, responses=TABLE_FILE)
async def people_file(
    ending: Ending, caller: Organiser, db: Db, at: Moment, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """People of your projects as a table. Who took it out is noted."""
    rows = await views.export_people(db, caller, q, caller.language, at=at)
    return await serve_table("people", words(caller.language).translate("People"), rows, ending)
