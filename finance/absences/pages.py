"""When people were away: everybody on one page, one person, and one step for several."""

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
from core.zones import town_zones
from directory.accounts.access import Caller, MoneyReader
from directory.accounts.rules import PLANS_OR_PAYS
from directory.projects.models import Project
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from finance.absences import service
from finance.absences.schemas import AbsenceIn, AbsencePaging, AbsencesIn
from finance.rules.facts import TimeAway

router = APIRouter(include_in_schema=False)
ALL, ONE, PREVIEW = "finance/absences.html", "finance/absence.html", "finance/absences_preview.html"


@router.get("/events/{event_id}/absences")
async def absences(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, paging: AbsencePaging
) -> Response:
    return render(request, ALL, **await _view(db, event_id=event_id, caller=caller, paging=paging))


@router.post("/events/{event_id}/absences/preview")
async def preview(request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, typed: Typed) -> Response:
    """For how many, and what it would replace, before anything is entered."""
    view = partial(_view, event_id=event_id, caller=caller)
    with form_again(ALL, view, typed):
        given = _given(typed)
        plan = await service.plan_absences(db, event_id, given, caller)
    return render(request, PREVIEW, **{**await view(db), "plan": plan, "given": given, "away": given.told})


@router.post("/events/{event_id}/absences")
async def enter_for_several(
    request: Request, event_id: UUID, caller: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        plan = await service.enter_absences(db, event_id, _given(typed), caller, at=at)
    count = plan.new + plan.replaced
    return see_other(request, f"/events/{event_id}/absences", N_("Entered: %(count)s."), count=count)


@router.get("/events/{event_id}/absences/{registration_id}")
async def absence(request: Request, event_id: UUID, registration_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    view = await _absence_view(db, event_id=event_id, registration_id=registration_id, caller=caller)
    return render(request, ONE, **view)


@router.post("/events/{event_id}/absences/{registration_id}")
async def enter(
    request: Request, event_id: UUID, registration_id: UUID, caller: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(
        ONE, partial(_absence_view, event_id=event_id, registration_id=registration_id, caller=caller), typed
    ):
        given: AbsenceIn = checked_fields(typed, AbsenceIn)
        await service.enter(db, event_id, registration_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/absences", N_("Saved."))


@router.post("/events/{event_id}/absences/{registration_id}/remove")
async def remove(
    request: Request, event_id: UUID, registration_id: UUID, caller: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.remove(db, event_id, registration_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/absences", N_("Removed."))


def absence_fields(event: Event, zone: str, away: TimeAway | None) -> dict[str, str]:
    """What a form begins with: what is known, else the days of the event by the clock of the project."""
    if away is not None:
        return AbsenceIn.fields_of(away)
    return {
        "leaves_day": event.first_day.isoformat(),
        "leaves_clock": "",
        "returns_day": event.last_day.isoformat(),
        "returns_clock": "",
        "zone": zone,
        "returns_zone": "",
    }


def _given(typed: Form) -> AbsencesIn:
    told: dict[str, object] = {name: typed[name] for name in AbsenceIn.model_fields if name in typed}
    told["replaces"] = typed.get("replaces") == "yes"
    if typed.get("whom") != "all":
        told["registrations"] = ticked(typed, "registrations")
    found: AbsencesIn = checked(AbsencesIn, told)
    return found


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, paging: Paging = Paging(1, 50)
) -> Mapping[str, object]:
    event, page = await service.page_of_absences(db, event_id, caller, paging)
    zone = (await db.get_one(Project, event.project_id)).zone
    may_write = _may_write(caller, event)
    people = await list_confirmed(db, event_id) if may_write else []
    return {
        "event": event,
        "tab": "per-diem",
        "page": page,
        "may_write": may_write,
        "people": {str(registration.id): person.name for registration, person, _ in people},
        "known": absence_fields(event, zone, None),
        "zones": town_zones(),
        "history": await audit.history(db, event_id),
    }


async def _absence_view(
    db: AsyncSession, *, event_id: UUID, registration_id: UUID, caller: Caller
) -> Mapping[str, object]:
    event, one = await service.absence_in(db, event_id, registration_id, caller)
    zone = (await db.get_one(Project, event.project_id)).zone
    return {
        "event": event,
        "tab": "per-diem",
        "one": one,
        "may_write": _may_write(caller, event),
        "known": absence_fields(event, zone, one.away),
        "zones": town_zones(),
        "history": await audit.history(db, event_id),
    }


def _may_write(caller: Caller, event: Event) -> bool:
    return caller.may_any(event.project_id, *PLANS_OR_PAYS)
