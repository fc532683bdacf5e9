"""The per-diem tab of an event, and the rate tables."""

import asyncio
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.sheets import XLSX
from core.errors import N_
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other
from core.web import checked, download, language_of
from directory.accounts.access import Approver, Caller, MoneyReader, Organiser
from events.programme.events.service import get_event
from finance.sheets import service
from finance.sheets.documents import per_diem_xlsx, rows_of, sentence, total_of
from finance.sheets.rules import SHEET_STATES
from finance.sheets.schemas import ReturnIn
from visits.stays.schemas import StayIn
from visits.stays.service import book

router = APIRouter(include_in_schema=False)
PAGE = "finance/per_diem.html"


@router.get("/events/{event_id}/per-diem")
async def per_diem(request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/stays")
async def stays(
    request: Request, event_id: UUID, caller: Organiser, reader: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=reader), typed):
        count = await book(db, event_id, checked(StayIn, typed), caller, at=at)
    return see_other(
        request, f"/events/{event_id}/per-diem", N_("Nights are entered for %(count)s people."), count=count
    )


@router.post("/events/{event_id}/per-diem/submit")
async def submit(
    request: Request, event_id: UUID, caller: Organiser, reader: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=reader), typed):
        await service.submit(db, event_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/per-diem", N_("The sheet is with finance now."))


@router.post("/events/{event_id}/per-diem/approve")
async def approve(request: Request, event_id: UUID, caller: Approver, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        await service.decide(db, event_id, caller, approve=True, at=at)
    return see_other(
        request, f"/events/{event_id}/per-diem", N_("The sheet is approved; nothing on it changes any more.")
    )


@router.post("/events/{event_id}/per-diem/return")
async def send_back(request: Request, event_id: UUID, caller: Approver, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        reason = checked(ReturnIn, {"reason": typed.get("reason", "")}).reason
        await service.decide(db, event_id, caller, approve=False, reason=reason, at=at)
    return see_other(request, f"/events/{event_id}/per-diem", N_("The sheet went back to the organiser."))


@router.get("/events/{event_id}/per-diem/{currency}.xlsx")
async def sheet_file(
    request: Request, event_id: UUID, currency: str, caller: MoneyReader, at: Moment, database: DatabaseHandle
) -> Response:
    async with database.unit_of_work() as db:
        event, document = await service.document_for(db, event_id, currency, caller, language_of(request), at=at)
    content = await asyncio.to_thread(per_diem_xlsx, document)
    return download(content, XLSX, f"per-diem-{event.code}-{document.currency}.xlsx")


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    work = await service.work_out(db, event)
    return {
        "event": event,
        "tab": "per-diem",
        "work": work,
        "states": SHEET_STATES,
        "sentence": sentence,
        "sheets": {
            currency: (rows_of(claims), total_of(claims, currency)) for currency, claims in sorted(work.claims.items())
        },
        "countries": sorted(country_codes()),
        "history": await audit.history(db, event_id),
    }
