"""Who of an event is paid how, and what is missing."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other, seen_revision
from core.web import checked_fields
from directory.accounts.access import Approver, Caller, Finance, MoneyReader
from events.programme.events.service import get_event
from finance.payees import service
from finance.payees.rules import GRADES, MISSING_OF_PAYEE, PAID_HOW
from finance.payees.schemas import PayeeIn, PayeeOut, PayeePaging
from visits.journeys.schemas import RevealIn

router = APIRouter(include_in_schema=False)
ALL, ONE = "finance/payees.html", "finance/payee.html"


@router.get("/events/{event_id}/payees")
async def payees(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, paging: PayeePaging, mark: str = ""
) -> Response:
    event = await get_event(db, event_id, caller)
    found = await service.page_of_payees(db, event_id, paging, only_missing=mark == "missing")
    is_shown = service.may_see_accounts(caller, event.project_id)
    return render(
        request,
        ALL,
        **_names(),
        event=event,
        found=found,
        mark="missing" if mark == "missing" else "",
        told={
            one.registration.id: PayeeOut.of(one.registration.id, one.details, is_shown=is_shown)
            for one in found.page.rows
        },
        history=await audit.history(db, event_id),
    )


@router.get("/events/{event_id}/payees/{registration_id}")
async def payee(request: Request, event_id: UUID, registration_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    view = await _view(db, event_id=event_id, registration_id=registration_id, caller=caller)
    return render(request, ONE, **view)


@router.post("/events/{event_id}/payees/{registration_id}")
async def enter(
    request: Request, event_id: UUID, registration_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller)
    with form_again(ONE, view, typed):
        given: PayeeIn = checked_fields(typed, PayeeIn)
        await service.enter(db, event_id, registration_id, given, caller, expected=seen_revision(typed), at=at)
    return see_other(request, f"/events/{event_id}/payees/{registration_id}", N_("Saved."))


@router.post("/events/{event_id}/payees/{registration_id}/reveal")
async def reveal(
    request: Request, event_id: UUID, registration_id: UUID, caller: Approver, db: Db, at: Moment, typed: Typed
) -> Response:
    """The numbers whole, in this one answer; the history keeps who asked and why."""
    view = partial(_view, event_id=event_id, registration_id=registration_id, caller=caller)
    with form_again(ONE, view, typed):
        reason = checked_fields(typed, RevealIn).reason
        told = await service.reveal(db, event_id, registration_id, reason, caller, at=at)
    return render(request, ONE, **{**await view(db), "told": told, "is_whole": True})


async def _view(db: AsyncSession, *, event_id: UUID, registration_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    payee = await service.payee_in(db, event_id, registration_id)
    is_shown = service.may_see_accounts(caller, event.project_id)
    return _names() | {
        "event": event,
        "payee": payee,
        "told": PayeeOut.of(registration_id, payee.details, is_shown=is_shown),
        "is_shown": is_shown,
        "is_whole": False,
        "countries": country_codes(),
        "history": await audit.history(db, event_id),
    }


def _names() -> dict[str, object]:
    return {"tab": "per-diem", "methods": PAID_HOW, "grades": GRADES, "lacking": MISSING_OF_PAYEE}
