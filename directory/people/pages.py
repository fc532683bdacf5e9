"""People that the caller's projects know."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from core import audit
from core.db import ReadDb
from core.pages import render
from core.paging import Asked
from directory.accounts.access import Reader
from directory.people import service

router = APIRouter(include_in_schema=False)


@router.get("/people")
async def people(
    request: Request, caller: Reader, db: ReadDb, asked: Asked, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    found = await service.list_people(db, caller, q, asked)
    return render(request, "directory/people.html", people=found, q=q, provinces=service.provinces())


@router.get("/people/{person_id}")
async def person(request: Request, person_id: UUID, caller: Reader, db: ReadDb) -> Response:
    found, institution = await service.get_person(db, person_id, caller)
    return render(
        request, "directory/person.html", person=found, institution=institution,
        province=service.provinces().get(found.province, ""), history=await audit.history(db, person_id),
    )  # fmt: skip
