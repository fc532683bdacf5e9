"""Payees for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.web import Expected, StrictRoute
from directory.accounts.access import Approver, Finance, MoneyReader
from events.programme.events.service import get_event
from finance.payees import service
from finance.payees.schemas import PayeeIn, PayeeOut, PayeePaging, PayeeRowOut
from visits.journeys.schemas import RevealIn

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/events/{event_id}/payees", response_model=PageOut[PayeeRowOut])
async def payees(
    event_id: UUID,
    caller: MoneyReader,
    db: ReadDb,
    paging: PayeePaging,
    missing: Annotated[bool, Query(description="Only those of whom something is missing.")] = False,
) -> dict[str, Any]:
    """How everybody is paid and what is missing. Numbers are masked; who plans sees none of them."""
    event = await get_event(db, event_id, caller)
    found = await service.page_of_payees(db, event_id, paging, only_missing=missing)
    is_shown = service.may_see_accounts(caller, event.project_id)
    items = []
    for one in found.page.rows:
        shown = PayeeOut.of(one.registration.id, one.details, is_shown=is_shown)
        institution = one.institution.name if one.institution else ""
        items.append(PayeeRowOut.of_person(shown, one.person.name, institution))
    return page_out(found.page, items)


@router.put("/events/{event_id}/payees/{registration_id}", response_model=PayeeOut)
async def enter(
    event_id: UUID,
    registration_id: UUID,
    given: PayeeIn,
    caller: Finance,
    db: Db,
    at: Moment,
    expected: Expected = None,
) -> PayeeOut:
    """Enter or correct how somebody is paid; If-Match with the `revision` that was seen."""
    details = await service.enter(db, event_id, registration_id, given, caller, expected=expected, at=at)
    return PayeeOut.of(registration_id, details, is_shown=True)


@router.post("/events/{event_id}/payees/{registration_id}/disclosure", response_model=PayeeOut)
async def reveal(
    event_id: UUID, registration_id: UUID, given: RevealIn, caller: Approver, db: Db, at: Moment
) -> PayeeOut:
    """The numbers whole, for who says what they are needed for; the history keeps it."""
    return await service.reveal(db, event_id, registration_id, given.reason, caller, at=at)
