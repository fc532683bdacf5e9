"""Adjustments for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from events.programme.events.service import get_event
from finance.adjustments import service
from finance.adjustments.schemas import (
    AdjustmentIn,
    AdjustmentOut,
    AdjustmentPaging,
    AdjustmentRowOut,
    CancelAdjustmentIn,
)

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/events/{event_id}/adjustments", response_model=PageOut[AdjustmentRowOut])
async def adjustments(event_id: UUID, caller: MoneyReader, db: ReadDb, paging: AdjustmentPaging) -> dict[str, Any]:
    """What finance added or took off, by person, with what was cancelled."""
    event = await get_event(db, event_id, caller)
    page = await service.page_of_adjustments(db, event.id, paging)
    return page_out(page, [AdjustmentRowOut.of_person(one, person.name) for one, person in page.rows])


@router.post("/events/{event_id}/adjustments", status_code=201, response_model=AdjustmentOut)
async def enter(event_id: UUID, given: AdjustmentIn, caller: Finance, db: Db, at: Moment) -> AdjustmentOut:
    """More or less for one person, with a reason; the same `key` twice has one effect."""
    return AdjustmentOut.of(await service.enter_adjustment(db, event_id, given, caller, at=at))


@router.post("/adjustments/{adjustment_id}/cancellation", response_model=AdjustmentOut)
async def cancel(adjustment_id: UUID, given: CancelAdjustmentIn, caller: Finance, db: Db, at: Moment) -> AdjustmentOut:
    """It does not count any more, and stays in the list with the reason."""
    return AdjustmentOut.of(await service.cancel_adjustment(db, adjustment_id, given.reason, caller, at=at))
