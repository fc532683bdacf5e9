"""Noting on the page of a sheet what came back."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.money import Money
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields
from directory.accounts.access import Caller, Finance, MoneyReader
from events.programme.events.service import get_event
from finance.returns import service
from finance.returns.schemas import ReturnedIn
from finance.sheets.rules import sheet_number
from finance.sheets.service import get_sheet, statements_on

router = APIRouter(include_in_schema=False)
PAGE = "finance/returns.html"


@router.get("/per-diem-sheets/{per_diem_sheet_id}/returns")
async def returns(request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, id=per_diem_sheet_id, caller=caller))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/returns")
async def note(
    request: Request, per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, id=per_diem_sheet_id, caller=caller), typed):
        await service.note_returned(db, per_diem_sheet_id, checked_fields(typed, ReturnedIn), caller, at=at)
    return see_other(request, f"/per-diem-sheets/{per_diem_sheet_id}/returns", N_("Noted."))


async def _view(db: AsyncSession, *, id: UUID, caller: Caller) -> Mapping[str, object]:
    sheet = await get_sheet(db, id, caller)
    event = await get_event(db, sheet.event_id, caller)
    found = await service.returns_on(db, id)
    back: dict[UUID, Money] = {}
    for one in found:
        back[one.registration_id] = back.get(one.registration_id, Money.zero(sheet.currency)) + one.amount
    owing = [one for one in await statements_on(db, sheet) if one.to_return]
    return {
        "sheet": sheet,
        "event": event,
        "tab": "per-diem",
        "sheet_number": sheet_number,
        "owing": owing,
        "back": back,
        "found": found,
        "money": Money,
        "names": {one.registration_id: one.name for one in owing},
        "history": [],
    }
