"""Files of drafts and sheets for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.pdf import PDF
from core.documents.sheets import CSV, XLSX
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import MoneyReader
from finance.downloads import service
from finance.downloads.service import SheetFile

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}, PDF: {}, CSV: {}}}}


@router.get("/events/{event_id}/per-diem/{currency}.{file}", response_class=Response, responses=FILE)
async def draft_file(
    event_id: UUID, currency: str, file: SheetFile, caller: MoneyReader, at: Moment, database: DatabaseHandle
) -> Response:
    """The draft of one currency: workbook with live formulas (xlsx), list for cash (pdf), a receipt for each who is
    paid in cash (receipts), one row a line (csv)."""
    async with database.unit_of_work() as db:
        document = await service.draft_document(db, event_id, currency, caller, caller.language, at=at)
    content, media_type = await service.made(document, file)
    return download(content, media_type, f"per-diem-{document.number}.{file.ending}")


@router.get("/per-diem-sheets/{per_diem_sheet_id}/files/{file}", response_class=Response, responses=FILE)
async def sheet_file(
    per_diem_sheet_id: UUID,
    file: SheetFile,
    caller: MoneyReader,
    at: Moment,
    database: DatabaseHandle,
    settings: Installed,
) -> Response:
    """The same files of a sheet as it was submitted, with the names of who prepared, checked and approved it."""
    async with database.unit_of_work() as db:
        document = await service.sheet_document(db, per_diem_sheet_id, caller, caller.language, settings, at=at)
    content, media_type = await service.made(document, file)
    return download(content, media_type, f"per-diem-{document.number}.{file.ending}")
