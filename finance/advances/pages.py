"""Advances of an event."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Form, Typed, form_again, render, see_other, ticked
from core.paging import Paging
from core.web import checked, checked_fields
from core.zones import day_in
from directory.accounts.access import Caller, Finance, MoneyReader
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event
from finance.advances import service
from finance.advances.rules import ADVANCE_METHODS
from finance.advances.schemas import AdvancePaging, AdvancesIn, CancelAdvanceIn

router = APIRouter(include_in_schema=False)
ALL, ONE, PREVIEW = "finance/advances.html", "finance/advance.html", "finance/advances_preview.html"


@router.get("/events/{event_id}/advances")
async def advances(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment, paging: AdvancePaging
) -> Response:
    return render(request, ALL, **await _view(db, event_id=event_id, caller=caller, at=at, paging=paging))


@router.post("/events/{event_id}/advances/preview")
async def preview(request: Request, event_id: UUID, caller: Finance, db: ReadDb, at: Moment, typed: Typed) -> Response:
    """To how many and how much, before anything is entered."""
    view = partial(_view, event_id=event_id, caller=caller, at=at)
    with form_again(ALL, view, typed):
        given = _given(typed)
        plan = await service.plan_advances(db, event_id, given, caller, at=at)
    return render(request, PREVIEW, **{**await view(db), "plan": plan, "given": given})


@router.post("/events/{event_id}/advances")
async def enter(request: Request, event_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller, at=at), typed):
        entered = await service.enter_advances(db, event_id, _given(typed), caller, at=at)
    return see_other(request, f"/events/{event_id}/advances", N_("Entered: %(count)s."), count=len(entered))


@router.get("/advances/{advance_id}")
async def advance(request: Request, advance_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, ONE, **await _advance_view(db, advance_id=advance_id, caller=caller))


@router.post("/advances/{advance_id}/cancellation")
async def cancel(request: Request, advance_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ONE, partial(_advance_view, advance_id=advance_id, caller=caller), typed):
        reason = checked_fields(typed, CancelAdvanceIn).reason
        found = await service.cancel_advance(db, advance_id, reason, caller, at=at)
    return see_other(request, f"/events/{found.event_id}/advances", N_("Cancelled."))


def _given(typed: Form) -> AdvancesIn:
    names = set(AdvancesIn.model_fields) - {"registrations"}
    told = {name: typed[name] for name in names if name in typed}
    found: AdvancesIn = checked(AdvancesIn, told | {"registrations": ticked(typed, "registrations")})
    return found


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, at: Moment, paging: Paging = Paging(1, 50)
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    people = await list_confirmed(db, event_id) if caller.may("finance", event.project_id) else []
    return {
        "event": event,
        "tab": "per-diem",
        "page": await service.page_of_advances(db, event_id, paging),
        "sums": await service.sums_of(db, event_id),
        "people": {str(registration.id): person.name for registration, person, _ in people},
        "methods": ADVANCE_METHODS,
        "today": day_in(event.zone, at=at),
        "history": await audit.history(db, event_id),
    }


async def _advance_view(db: AsyncSession, *, advance_id: UUID, caller: Caller) -> Mapping[str, object]:
    found, event = await service.get_advance(db, advance_id, caller)
    people = await list_confirmed(db, event.id, only=found.registration_id)
    return {
        "event": event,
        "tab": "per-diem",
        "advance": found,
        "name": people[0][1].name if people else "",
        "methods": ADVANCE_METHODS,
        "history": await audit.history(db, event.id),
    }
