"""Receipts and ceilings for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count, PageOut, page_out
from core.settings import Installed
from core.web import Expected, StrictRoute, download
from directory.accounts.access import Finance, MoneyReader
from directory.projects.service import get_project
from events.programme.events.service import get_event
from finance.receipts import service
from finance.receipts.rules import ReceiptState
from finance.receipts.schemas import (
    CeilingIn,
    CeilingOut,
    ReceiptIn,
    ReceiptOfPersonIn,
    ReceiptOut,
    ReceiptPaging,
    ReceiptRowOut,
    ReceiptsDecisionIn,
)

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.get("/events/{event_id}/receipts", response_model=PageOut[ReceiptRowOut])
async def receipts(
    event_id: UUID, caller: MoneyReader, db: ReadDb, paging: ReceiptPaging, state: ReceiptState | None = None
) -> dict[str, Any]:
    """What people paid themselves, by person."""
    event = await get_event(db, event_id, caller)
    page = await service.page_of_receipts(db, event.id, paging, state=state)
    beds = await service.for_provided_beds(db, event.id, [one for one, _ in page.rows])
    rows = [ReceiptRowOut.of_person(one, person.name, is_bed_provided=one.id in beds) for one, person in page.rows]
    return page_out(page, rows)


@router.post("/events/{event_id}/receipts", status_code=201, response_model=ReceiptOut)
async def claim(event_id: UUID, given: ReceiptOfPersonIn, caller: MoneyReader, db: Db, at: Moment) -> ReceiptOut:
    """Enter a receipt for somebody; for those who plan or pay (403 for others)."""
    return ReceiptOut.of(await service.claim_for(db, event_id, given, caller, at=at))


@router.post("/events/{event_id}/receipts/decision", response_model=Count)
async def decide(event_id: UUID, given: ReceiptsDecisionIn, caller: Finance, db: Db, at: Moment) -> Count:
    """Accept or refuse some of them; all or none. The count is of those whose state or reason changed."""
    return Count(count=await service.decide(db, event_id, given, caller, at=at))


@router.put("/receipts/{receipt_id}", response_model=ReceiptOut)
async def correct(
    receipt_id: UUID, given: ReceiptIn, caller: MoneyReader, db: Db, at: Moment, expected: Expected = None
) -> ReceiptOut:
    """What a receipt says, until it is accepted; a refused one waits for a decision again. If-Match with the `revision`
    that was seen. For those who plan or pay."""
    return ReceiptOut.of(await service.correct(db, receipt_id, given, caller, expected=expected, at=at))


@router.put("/receipts/{receipt_id}/file", response_model=ReceiptOut)
async def attach(
    receipt_id: UUID,
    file: Annotated[UploadFile, File()],
    caller: MoneyReader,
    db: Db,
    at: Moment,
    settings: Installed,
) -> ReceiptOut:
    """The photograph or scan (PDF, JPEG, PNG, HEIC; ten megabytes), until it is accepted. For those who plan or pay."""
    content = (file.filename or "", await file.read())
    return ReceiptOut.of(await service.attach(db, receipt_id, content, caller, settings, at=at))


@router.get("/receipts/{receipt_id}/file", response_class=Response, responses=FILE)
async def receipt_file(receipt_id: UUID, caller: MoneyReader, db: ReadDb, settings: Installed) -> Response:
    """The file as it came. 404 where there is none."""
    await service.get_receipt(db, receipt_id, caller)
    name, content = await service.receipt_file(db, receipt_id, settings)
    return download(content, "application/octet-stream", name)


@router.delete("/receipts/{receipt_id}", status_code=204)
async def withdraw(receipt_id: UUID, caller: MoneyReader, db: Db, at: Moment) -> Response:
    """Take a claimed receipt away, with its file. For those who plan or pay."""
    await service.withdraw_for(db, receipt_id, caller, at=at)
    return Response(status_code=204)


@router.get("/projects/{project_id}/receipt-ceilings", response_model=list[CeilingOut])
async def ceilings(project_id: UUID, caller: MoneyReader, db: ReadDb) -> list[CeilingOut]:
    """The most that the project pays on receipts."""
    project = await get_project(db, project_id, caller)
    return [CeilingOut.of(one) for one in await service.ceilings_of(db, project.id)]


@router.post("/projects/{project_id}/receipt-ceilings", status_code=201, response_model=CeilingOut)
async def set_ceiling(project_id: UUID, given: CeilingIn, caller: Finance, db: Db, at: Moment) -> CeilingOut:
    """A ceiling, in place of the one of the same kind, span and currency."""
    return CeilingOut.of(await service.set_ceiling(db, project_id, given, caller, at=at))


@router.delete("/receipt-ceilings/{receipt_ceiling_id}", status_code=204)
async def remove_ceiling(receipt_ceiling_id: UUID, caller: Finance, db: Db, at: Moment) -> Response:
    """Pay without this ceiling."""
    await service.remove_ceiling(db, receipt_ceiling_id, caller, at=at)
    return Response(status_code=204)
