"""Finance's page: what waits, over all events."""

from fastapi import APIRouter, Request, Response

from core.db import ReadDb
from core.pages import render
from core.paging import Page
from directory.accounts.access import MoneyReader
from directory.projects.service import list_projects
from finance.approvals.rules import APPROVAL_BARS
from finance.overview import service
from finance.overview.rules import NOTHING, OF_SHEETS, WAITING, Waiting
from finance.overview.schemas import Debtor, FoundSheet, SheetPaging, SheetsWanted, WaitingEvent
from finance.sheets.rules import SHEET_STATES

router = APIRouter(include_in_schema=False)


@router.get("/finance")
async def waiting(
    request: Request, caller: MoneyReader, db: ReadDb, wanted: SheetsWanted, paging: SheetPaging
) -> Response:
    """What waits for whoever pays, a kind a tab."""
    what = wanted.waiting
    page: Page[Debtor] | Page[WaitingEvent] | Page[FoundSheet]
    if what is Waiting.to_be_returned:
        page = await service.debtors(db, caller, wanted, paging)
    elif what in (Waiting.receipts, Waiting.accounts):
        page = await service.waiting_events(db, caller, what, wanted, paging)
    else:
        page = await service.list_sheets_of(db, caller, wanted, paging)
    events, currencies = await service.to_choose_from(db, caller)
    return render(
        request,
        "finance/overview.html",
        wanted=wanted,
        page=page,
        counts=await service.count_waiting(db, caller),
        projects=await list_projects(db, caller),
        events=events,
        currencies=currencies,
        kinds=WAITING,
        is_of_sheets=what is None or what in OF_SHEETS,
        nothing=NOTHING[what],
        bars=APPROVAL_BARS,
        states=SHEET_STATES,
        query=without_page(request.url.query),
    )


def without_page(query: str) -> str:
    """The filter of a list as it stands in its address."""
    return "&".join(part for part in query.split("&") if part and not part.startswith(("page=", "limit=")))
