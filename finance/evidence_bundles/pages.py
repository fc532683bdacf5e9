"""The evidence of a sheet on a page."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.pages import Typed, render, see_other
from core.settings import Installed
from core.web import download
from directory.accounts.access import Caller, MoneyReader
from events.programme.events.service import get_event
from finance.evidence_bundles import service
from finance.sheets.rules import sheet_number
from finance.sheets.service import get_sheet

router = APIRouter(include_in_schema=False)
PAGE = "finance/evidence.html"


@router.get("/per-diem-sheets/{per_diem_sheet_id}/evidence")
async def evidence(
    request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb, job: UUID | None = None
) -> Response:
    return render(request, PAGE, **await _view(db, per_diem_sheet_id, caller), job=job)


@router.post("/per-diem-sheets/{per_diem_sheet_id}/evidence")
async def order(
    request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    job = await service.order(db, per_diem_sheet_id, caller, at=at)
    return see_other(request, f"/per-diem-sheets/{per_diem_sheet_id}/evidence?job={job.id}")


@router.get("/per-diem-sheets/{per_diem_sheet_id}/evidence.zip")
async def evidence_file(
    per_diem_sheet_id: UUID, caller: MoneyReader, db: Db, at: Moment, settings: Installed
) -> Response:
    name, content = await service.take(db, per_diem_sheet_id, caller, settings, at=at)
    return download(content, ZIP, name)


async def _view(db: AsyncSession, sheet_id: UUID, caller: Caller) -> Mapping[str, object]:
    sheet = await get_sheet(db, sheet_id, caller)
    return {
        "sheet": sheet,
        "event": await get_event(db, sheet.event_id, caller),
        "tab": "per-diem",
        "sheet_number": sheet_number,
        "bundle": await service.bundle_of(db, sheet_id, caller),
        "history": await audit.history(db, sheet.event_id),
    }
