"""Signed receipts of a sheet, with what was drawn."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.db import ReadDb
from core.pages import render
from core.settings import Installed
from core.web import download
from directory.accounts.access import MoneyReader
from events.programme.events.service import get_event
from finance.sheets.rules import sheet_number
from finance.sheets.service import get_sheet
from finance.signed_receipts import service
from finance.signed_receipts.schemas import SignaturePaging

router = APIRouter(include_in_schema=False)


@router.get("/per-diem-sheets/{per_diem_sheet_id}/signatures")
async def signatures(
    request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb, page: SignaturePaging
) -> Response:
    sheet = await get_sheet(db, per_diem_sheet_id, caller)
    return render(
        request,
        "finance/signatures.html",
        sheet=sheet,
        event=await get_event(db, sheet.event_id, caller),
        tab="per-diem",
        sheet_number=sheet_number,
        signed=await service.signed_on(db, sheet, page),
        history=[],
    )


@router.get("/per-diem-sheets/{per_diem_sheet_id}/signatures/{signed_receipt_id}.png")
async def picture(
    per_diem_sheet_id: UUID, signed_receipt_id: UUID, caller: MoneyReader, db: ReadDb, settings: Installed
) -> Response:
    content = await service.picture_of(db, per_diem_sheet_id, signed_receipt_id, caller, settings)
    return download(content, "image/png", "signature.png", inline=True)
