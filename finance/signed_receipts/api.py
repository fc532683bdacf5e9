"""Signed receipts of a sheet for programs of the staff."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.db import ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from finance.sheets.service import get_sheet
from finance.signed_receipts import service
from finance.signed_receipts.schemas import SignaturePaging, SignedReceiptOut

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/per-diem-sheets/{per_diem_sheet_id}/signatures", response_model=PageOut[SignedReceiptOut])
async def signatures(
    per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb, paging: SignaturePaging
) -> dict[str, Any]:
    """Who signed on the screen for what, when, and whether the sheet still says it."""
    sheet = await get_sheet(db, per_diem_sheet_id, caller)
    found = await service.signed_on(db, sheet, paging)
    return page_out(found, [SignedReceiptOut.of(one, fits=fits) for one, _, fits in found.rows])
