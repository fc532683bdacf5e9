"""Noting on the page of a sheet what came back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import words
from core.money import Money
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Finance, MoneyReader
from events.programme.events.service import get_event
from finance.returns import service
from finance.returns.schemas import ReturnedIn, ReturnRemovalIn
from finance.rules.lines import ZERO
from finance.sheets.rules import sheet_number
from finance.sheets.service import get_sheet, statements_on
from finance.statements.rules import PersonStatement

router = APIRouter(include_in_schema=False)
PAGE = "finance/returns.html"


@router.get("/per-diem-sheets/{per_diem_sheet_id}/returns")
async def returns(request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment) -> Response:
    return render(request, PAGE, **await _view(db, id=per_diem_sheet_id, caller=caller, at=at))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/returns")
async def note(
    request: Request, per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        noted = await service.note_returned(db, per_diem_sheet_id, checked_fields(typed, ReturnedIn), caller, at=at)
    return see_other(
        request,
        f"/per-diem-sheets/{per_diem_sheet_id}/returns",
        N_("Noted: %(amount)s came back."),
        amount=words(language_of(request)).money(noted.amount),
    )


@router.post("/per-diem-sheets/{per_diem_sheet_id}/returns/removal")
async def remove(
    request: Request, per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        given = checked_fields(typed, ReturnRemovalIn)
        removed = await service.remove_returned(db, per_diem_sheet_id, given, caller, at=at)
    return see_other(
        request,
        f"/per-diem-sheets/{per_diem_sheet_id}/returns",
        N_("Removed: %(amount)s is owed again."),
        amount=words(language_of(request)).money(removed.amount),
    )


async def _view(db: AsyncSession, *, id: UUID, caller: Caller, at: datetime) -> Mapping[str, object]:
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
        "names": {one.registration_id: one.name for one in owing},
        "money": Money,
        "left": _left(owing, back, sheet.currency),
        "today": day_in(event.zone, at=at),
        "history": await audit.history(db, event.id),
    }


def _left(owing: Sequence[PersonStatement], back: Mapping[UUID, Money], currency: str) -> dict[UUID, tuple[str, Money]]:
    """Who still has to give money back, by registration, and how much."""
    nothing = Money.zero(currency)
    return {
        one.registration_id: (one.name, rest)
        for one in owing
        if (rest := Money(one.to_return or ZERO, currency) - back.get(one.registration_id, nothing)).amount
    }
