"""Adjustments of an event: entered for one person, cancelled one by one."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.paging import Paging
from core.web import checked_fields
from directory.accounts.access import Caller, Finance, MoneyReader
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event
from finance.adjustments import service
from finance.adjustments.schemas import AdjustmentIn, AdjustmentPaging, CancelAdjustmentIn
from finance.pay_rules.service import pay_rules_of

router = APIRouter(include_in_schema=False)
ALL, ONE = "finance/adjustments.html", "finance/adjustment.html"


@router.get("/events/{event_id}/adjustments")
async def adjustments(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, paging: AdjustmentPaging
) -> Response:
    return render(request, ALL, **await _view(db, event_id=event_id, caller=caller, paging=paging))


@router.post("/events/{event_id}/adjustments")
async def enter(request: Request, event_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        given: AdjustmentIn = checked_fields(typed, AdjustmentIn)
        await service.enter_adjustment(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/adjustments", N_("Saved."))


@router.get("/adjustments/{adjustment_id}")
async def adjustment(request: Request, adjustment_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, ONE, **await _adjustment_view(db, adjustment_id=adjustment_id, caller=caller))


@router.post("/adjustments/{adjustment_id}/cancellation")
async def cancel(request: Request, adjustment_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ONE, partial(_adjustment_view, adjustment_id=adjustment_id, caller=caller), typed):
        reason = checked_fields(typed, CancelAdjustmentIn).reason
        found = await service.cancel_adjustment(db, adjustment_id, reason, caller, at=at)
    return see_other(request, f"/events/{found.event_id}/adjustments", N_("Cancelled."))


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, paging: Paging = Paging(1, 50)
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    people = await list_confirmed(db, event_id) if caller.may("finance", event.project_id) else []
    rules = await pay_rules_of(db, event.project_id)
    return {
        "event": event,
        "tab": "per-diem",
        "page": await service.page_of_adjustments(db, event_id, paging),
        "people": {str(registration.id): person.name for registration, person, _ in people},
        "currency": rules.pay_currency or rules.receipt_currency,
        "history": await audit.history(db, event_id),
    }


async def _adjustment_view(db: AsyncSession, *, adjustment_id: UUID, caller: Caller) -> Mapping[str, object]:
    found, event = await service.get_adjustment(db, adjustment_id, caller)
    people = await list_confirmed(db, event.id, only=found.registration_id)
    return {
        "event": event,
        "tab": "per-diem",
        "adjustment": found,
        "name": people[0][1].name if people else "",
        "history": await audit.history(db, event.id),
    }
