"""Institutions as JSON."""

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
from directory.institutions import service
from directory.people.models import Institution
from directory.people.schemas import FocalPointsIn, InstitutionIn, InstitutionOut, InstitutionSort, NewInstitution

router = APIRouter(prefix="/api/v1/institutions", tags=["institutions"], route_class=StrictRoute)


@router.get("", response_model=PageOut[InstitutionOut])
async def list_institutions(
    caller: Reader,
    db: ReadDb,
    page_request: PageRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: InstitutionSort = "name",
) -> dict[str, Any]:
    """Institutions of your projects by name; Turkish letters may be written plainly."""
    page = await service.list_institutions(db, caller, q, page_request, sort=sort)
    return page_out(page, [institution for institution, _, _ in page.rows])


@router.post("", status_code=201, response_model=InstitutionOut)
async def add(given: NewInstitution, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None) -> Institution:
    """Add a body that sends people to a project's events."""
    return await service.add_institution(db, given, caller, at=at, key=key)


@router.put("/{institution_id}", response_model=InstitutionOut)
async def change(
    institution_id: UUID,
    given: InstitutionIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
) -> Institution:
    """Correct an institution. With If-Match, 412 where somebody else was faster."""
    institution = await service.change_institution(db, institution_id, given, caller, at=at, expected=expected)
    tag(response, institution.revision)
    return institution


@router.delete("/{institution_id}", status_code=204)
async def remove(institution_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Remove an institution that nothing hangs on."""
    await service.remove_institution(db, institution_id, caller, at=at)
    return Response(status_code=204)


@router.put("/{institution_id}/focal-points", status_code=204)
async def set_focal_points(
    institution_id: UUID, given: FocalPointsIn, caller: Organiser, db: Db, at: Moment
) -> Response:
    """These people name others for the institution, nobody else."""
    await service.set_focal_points(db, institution_id, given.people, caller, at=at)
    return Response(status_code=204)


@router.get(".{ending}", response_class=Response, responses=TABLE_FILE)
async def institutions_file(
    ending: Ending, caller: Reader, db: ReadDb, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Institutions of your projects as a table."""
    rows = await service.export_institutions(db, caller, q, caller.language)
    return await serve_table("institutions", words(caller.language).translate("Institutions"), rows, ending)
