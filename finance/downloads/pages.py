"""Files of drafts and sheets for people."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import DatabaseHandle
from core.settings import Installed
from core.web import download, language_of
from directory.accounts.access import MoneyReader
from finance.downloads import service
from finance.downloads.service import SheetFile

router = APIRouter(include_in_schema=False)


@router.get("/events/{event_id}/per-diem/{currency}.{file}")
async def draft_file(
    request: Request,
    event_id: UUID,
    currency: str,
    file: SheetFile,
    caller: MoneyReader,
    at: Moment,
    database: DatabaseHandle,
) -> Response:
    async with database.unit_of_work() as db:
        document = await service.draft_document(db, event_id, currency, caller, language_of(request), at=at)
    content, media_type = await service.made(document, file)
    return download(content, media_type, f"per-diem-{document.number}.{file.ending}")


@router.get("/per-diem-sheets/{per_diem_sheet_id}/files/{file}")
async def sheet_file(
    request: Request,
    per_diem_sheet_id: UUID,
    file: SheetFile,
    caller: MoneyReader,
    at: Moment,
    database: DatabaseHandle,
    settings: Installed,
) -> Response:
    async with database.unit_of_work() as db:
        document = await service.sheet_document(db, per_diem_sheet_id, caller, language_of(request), settings, at=at)
    content, media_type = await service.made(document, file)
    return download(content, media_type, f"per-diem-{document.number}.{file.ending}")
