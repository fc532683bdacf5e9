"""What is paid without evidence, for programs."""

from typing import Any

from fastapi import APIRouter

from core.clock import Moment
from core.db import ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from finance.evidence_gaps.schemas import FoundGapOut, GapPaging, GapsWanted
from finance.evidence_gaps.service import find_gaps

router = APIRouter(prefix="/api/v1/finance", tags=["per diem"], route_class=StrictRoute)


@router.get("/without-evidence", response_model=PageOut[FoundGapOut])
async def without_evidence(
    caller: MoneyReader, db: ReadDb, wanted: GapsWanted, paging: GapPaging, at: Moment
) -> dict[str, Any]:
    """People on approved sheets without signed attendance, ticket, hotel bill, file of a receipt or reference of a
    payment, once for each that is missing."""
    page = await find_gaps(db, caller, wanted, paging, at=at)
    return page_out(page, [FoundGapOut.of(one) for one in page.rows])
