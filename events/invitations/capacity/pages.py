"""Quotas of an event, and as what each takes part."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, Unacceptable
from core.pages import Typed, form_again, render, see_other
from core.web import checked
from directory.accounts.access import Caller, Organiser, ProjectReader
from directory.people.service import institutions_known
from events.invitations.capacity import service
from events.invitations.capacity.schemas import CategoryIn, QuotaIn, QuotaKey
from events.invitations.invitations.rules import CATEGORIES
from events.programme.events.service import get_event, lock_event_for
from events.programme.events.views import must_have_agreed

router = APIRouter(prefix="/events/{event_id}", include_in_schema=False)
PAGE = "events/quotas.html"
UNKNOWN = N_("The project has no institution of this name. Please choose one, or add it under Institutions first.")


@router.get("/quotas")
async def quotas(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/quotas")
async def add(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """One more quota, or other places for one that is there."""
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        event = await get_event(db, event_id, caller)
        name = str(typed.get("institution", "")).strip()
        known = await institutions_known(db, event.project_id, [name])
        if name and not known:
            raise Unacceptable("institution", UNKNOWN)
        given: QuotaIn = checked(
            QuotaIn,
            {
                "category": typed.get("category", ""),
                "institution_id": next((one.id for one in known.values()), ""),
                "capacity": typed.get("capacity", ""),
            },
        )
        others = await _others(db, event_id, given, caller)
        await service.set_quotas(db, event_id, [*others, given], caller, at=at)
        await must_have_agreed(db, event, typed.get("agreed"), at=at)
    return see_other(request, f"/events/{event_id}/quotas", N_("Saved."))


@router.post("/quotas/remove")
async def remove(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """One quota less, named by what it is of: its line may be another by now. One that is gone already stays gone."""
    of: QuotaKey = checked(QuotaKey, {name: typed.get(name, "") for name in QuotaKey.model_fields})
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, removing=of), typed):
        await service.set_quotas(db, event_id, await _others(db, event_id, of, caller), caller, at=at)
        await must_have_agreed(db, await get_event(db, event_id, caller), typed.get("agreed"), at=at)
    return see_other(request, f"/events/{event_id}/quotas", N_("Removed."))


@router.post("/people/{invitation_id}/category")
async def category(
    request: Request, event_id: UUID, invitation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    given: CategoryIn = checked(CategoryIn, {"category": typed.get("category", "")})
    await service.set_category(db, invitation_id, given.category, caller, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("Saved."))


async def _others(db: AsyncSession, event_id: UUID, of: QuotaKey, caller: Caller) -> list[QuotaIn]:
    """The quotas there are of anything else, held with their event until the unit of work ends."""
    event = await lock_event_for(db, event_id, caller)
    return [
        QuotaIn(category=limit.category, institution_id=limit.institution_id, capacity=limit.capacity)
        for limit, _ in await service.list_quotas(db, event)
        if (limit.category, limit.institution_id) != (of.category, of.institution_id)
    ]


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, removing: QuotaKey | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "people",
        "quotas": await service.list_quotas(db, event),
        "categories": CATEGORIES,
        "removing": removing,
        "history": await audit.history(db, event_id),
    }
