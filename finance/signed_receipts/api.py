"""Signed receipts of a sheet for programs of the staff."""

from uuid import UUID

from fastapi import APIRouter

from core.db import ReadDb
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from finance.sheets.service import get_sheet
from finance.signed_receipts import service
from finance.signed_receipts.schemas import SignedReceiptOut

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/per-diem-sheets/{per_diem_sheet_id}/signatures", response_model=list[SignedReceiptOut])
async def signatures(per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb) -> list[SignedReceiptOut]:
    """Who signed on the screen for what, when, and whether the sheet still says it."""
    sheet = await get_sheet(db, per_diem_sheet_id, caller)
    return [SignedReceiptOut.of(one, fits=fits) for one, _, fits in await service.signed_on(db, sheet)]
