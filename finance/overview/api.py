"""What waits for finance, for programs."""

from typing import Any

from fastapi import APIRouter

from core.db import ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from finance.overview import service
from finance.overview.rules import Waiting
from finance.overview.schemas import DebtorOut, FoundSheetOut, SheetPaging, SheetsWanted, WaitingEventOut, WaitingOut

router = APIRouter(prefix="/api/v1/finance", tags=["per diem"], route_class=StrictRoute)


@router.get("/waiting", response_model=WaitingOut)
async def waiting(caller: MoneyReader, db: ReadDb) -> WaitingOut:
    """How many sheets, people, receipts and accounts wait for somebody, over all projects."""
    return WaitingOut(counts=await service.count_waiting(db, caller))


@router.get("/sheets", response_model=PageOut[FoundSheetOut])
async def sheets(caller: MoneyReader, db: ReadDb, wanted: SheetsWanted, paging: SheetPaging) -> dict[str, Any]:
    """Sheets of all events, the last submitted first, with what is left to pay and who may not approve."""
    page = await service.list_sheets_of(db, caller, wanted, paging)
    return page_out(page, [FoundSheetOut.of_row(one) for one in page.rows])


@router.get("/debtors", response_model=PageOut[DebtorOut])
async def debtors(caller: MoneyReader, db: ReadDb, wanted: SheetsWanted, paging: SheetPaging) -> dict[str, Any]:
    """Who owes money by approved sheets, and how much of it is not back yet."""
    page = await service.debtors(db, caller, wanted, paging)
    return page_out(page, [DebtorOut.of_row(one) for one in page.rows])


@router.get("/undecided-receipts", response_model=PageOut[WaitingEventOut])
async def undecided(caller: MoneyReader, db: ReadDb, wanted: SheetsWanted, paging: SheetPaging) -> dict[str, Any]:
    """Events with receipts that nobody decided on, and how many; filtered by project and event only."""
    page = await service.waiting_events(db, caller, Waiting.receipts, wanted, paging)
    return page_out(page, [WaitingEventOut.of_row(one) for one in page.rows])


@router.get("/missing-accounts", response_model=PageOut[WaitingEventOut])
async def missing(caller: MoneyReader, db: ReadDb, wanted: SheetsWanted, paging: SheetPaging) -> dict[str, Any]:
    """Events with people on approved sheets whose account is missing, and how many; by project and event only."""
    page = await service.waiting_events(db, caller, Waiting.accounts, wanted, paging)
    return page_out(page, [WaitingEventOut.of_row(one) for one in page.rows])
