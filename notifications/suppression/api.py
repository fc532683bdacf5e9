"""The list of addresses that get nothing, as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from notifications.suppression import service
from notifications.suppression.schemas import ReleasedOut, SuppressionOut, SuppressionPaging, WordingIn

router = APIRouter(prefix="/api/v1/suppressions", tags=["messages"], route_class=StrictRoute)


@router.get("", response_model=PageOut[SuppressionOut])
async def list_suppressions(caller: ProjectReader, db: ReadDb, page_request: SuppressionPaging) -> dict[str, Any]:
    """Addresses of people of your projects that get nothing, the latest first."""
    page = await service.list_suppressed(db, caller, page_request)
    return page_out(page, [SuppressionOut.of(one, person.id) for one, person in page.rows])


@router.post("/release")
async def release_wording(body: WordingIn, caller: Organiser, db: Db, at: Moment) -> ReleasedOut:
    """Let mail go again to all addresses that came here by refusals in one wording, as by a relay that refused us."""
    return ReleasedOut(released=await service.release_wording(db, body.wording, caller, at=at))


@router.post("/{suppression_id}/release", status_code=204)
async def release(suppression_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Let mail go again to one address."""
    await service.release(db, suppression_id, caller, at=at)
    return Response(status_code=204)
