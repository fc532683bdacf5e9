"""Per-diem sheets for programs."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.sheets import XLSX
from core.web import StrictRoute, download
from directory.accounts.access import Approver, Caller, MoneyReader, Organiser
from events.programme.events.service import get_event
from finance.sheets import service
from finance.sheets.documents import per_diem_xlsx
from finance.sheets.schemas import ReturnIn, SheetOut

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}}}


@router.get("/events/{event_id}/per-diem", response_model=list[SheetOut])
async def per_diem(event_id: UUID, caller: MoneyReader, db: ReadDb) -> list[SheetOut]:
    """What is to be paid, by currency."""
    return await _shown(db, event_id, caller)


@router.post("/events/{event_id}/per-diem/submission", response_model=list[SheetOut])
async def submit(event_id: UUID, caller: Organiser, reader: MoneyReader, db: Db, at: Moment) -> list[SheetOut]:
    """Freeze the sheets and hand them to finance."""
    await service.submit(db, event_id, caller, at=at)
    return await _shown(db, event_id, reader)


@router.post("/events/{event_id}/per-diem/approval", response_model=list[SheetOut])
async def approve(event_id: UUID, caller: Approver, db: Db, at: Moment) -> list[SheetOut]:
    """Approve, as somebody else than who submitted."""
    await service.decide(db, event_id, caller, approve=True, at=at)
    return await _shown(db, event_id, caller)


@router.post("/events/{event_id}/per-diem/return", response_model=list[SheetOut])
async def send_back(event_id: UUID, given: ReturnIn, caller: Approver, db: Db, at: Moment) -> list[SheetOut]:
    """Send the sheets back with a reason; the organiser submits a new version."""
    await service.decide(db, event_id, caller, approve=False, reason=given.reason, at=at)
    return await _shown(db, event_id, caller)


@router.get("/events/{event_id}/per-diem/{currency}.xlsx", response_class=Response, responses=FILE)
async def sheet_file(
    request: Request, event_id: UUID, currency: str, caller: MoneyReader, at: Moment, database: DatabaseHandle
) -> Response:
    """The sheet of one currency with live formulas."""
    async with database.unit_of_work() as db:
        _, document = await service.document_for(db, event_id, currency, caller, caller.language, at=at)
    return download(await asyncio.to_thread(per_diem_xlsx, document), XLSX, f"per-diem-{document.currency}.xlsx")


async def _shown(db: AsyncSession, event_id: UUID, caller: Caller) -> list[SheetOut]:
    work = await service.work_out(db, await get_event(db, event_id, caller))
    found = sorted(work.claims.items())
    return [SheetOut.of(name, work.sheets.get(name), claims, caller.language) for name, claims in found]
