"""Advances for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from events.programme.events.service import get_event
from finance.advances import service
from finance.advances.schemas import (
    AdvanceOut,
    AdvancePaging,
    AdvancePlanOut,
    AdvanceRowOut,
    AdvancesIn,
    CancelAdvanceIn,
)

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/events/{event_id}/advances", response_model=PageOut[AdvanceRowOut])
async def advances(event_id: UUID, caller: MoneyReader, db: ReadDb, paging: AdvancePaging) -> dict[str, Any]:
    """What was paid in advance, by person, with what was cancelled."""
    event = await get_event(db, event_id, caller)
    page = await service.page_of_advances(db, event.id, paging)
    return page_out(page, [AdvanceRowOut.of_person(one, person.name) for one, person in page.rows])


@router.post("/events/{event_id}/advances/preview", response_model=AdvancePlanOut)
async def preview(event_id: UUID, given: AdvancesIn, caller: Finance, db: ReadDb, at: Moment) -> AdvancePlanOut:
    """To how many people and how much in all; changes nothing."""
    return AdvancePlanOut.of(await service.plan_advances(db, event_id, given, caller, at=at))


@router.post("/events/{event_id}/advances", status_code=201, response_model=list[AdvanceOut])
async def enter(event_id: UUID, given: AdvancesIn, caller: Finance, db: Db, at: Moment) -> list[AdvanceOut]:
    """The same advance for one or many people; the same `key` twice has one effect."""
    return [AdvanceOut.of(one) for one in await service.enter_advances(db, event_id, given, caller, at=at)]


@router.post("/advances/{advance_id}/cancellation", response_model=AdvanceOut)
async def cancel(advance_id: UUID, given: CancelAdvanceIn, caller: Finance, db: Db, at: Moment) -> AdvanceOut:
    """It does not count any more, and stays in the list with the reason."""
    return AdvanceOut.of(await service.cancel_advance(db, advance_id, given.reason, caller, at=at))
