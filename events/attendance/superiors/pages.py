"""The organiser's list of superiors, and the page on which a participant says who theirs is."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.pages import Form, Typed, form_again, render, see_other
from core.paging import Paging
from core.web import checked
from directory.accounts.access import Caller, Organiser
from directory.projects.models import Project
from events.attendance.superiors import service
from events.attendance.superiors.rules import SUPERIOR_SOURCES
from events.attendance.superiors.schemas import Agreed, SuperiorIn, SuperiorPaging
from events.attendance.superiors.views import page_of_superiors, superior_of
from events.invitations.invitations.access import Guest, Respondent
from events.programme.events.models import Event
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
LIST, OWN = "events/superiors.html", "events/own_superior.html"
FIRST = Paging(1, 50)
LANGUAGES = {"tr": "Türkçe", "en": "English"}
HOME, MINE = "/events/{event_id}/superiors", "/i/{token}/superior"


@router.get(HOME)
async def superiors(
    request: Request, event_id: UUID, caller: Organiser, db: ReadDb, page: SuperiorPaging, edit: UUID | None = None
) -> Response:
    return render(request, LIST, **await _view(db, event_id=event_id, caller=caller, edit=edit, paging=page))


@router.post(HOME + "/focal-points")
async def take_focal_points(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(LIST, partial(_view, event_id=event_id, caller=caller), typed):
        given: Agreed = checked(Agreed, _agreed(typed))
        count = await service.take_focal_points(db, event_id, given, caller, at=at)
    return see_other(
        request,
        f"/events/{event_id}/superiors",
        NN_("One superior is taken over.", "%(num)s superiors are taken over."),
        count=count,
    )


@router.post(HOME + "/{registration_id}")
async def set_superior(
    request: Request, event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(LIST, partial(_view, event_id=event_id, caller=caller, edit=registration_id), typed):
        if typed.get("remove"):
            await service.remove(db, event_id, registration_id, caller, at=at)
        else:
            given: SuperiorIn = checked(SuperiorIn, _agreed(typed, "name", "address", "language"))
            await service.set_superior(db, event_id, registration_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/superiors", N_("Saved."))


@router.get(MINE)
async def own(request: Request, token: str, participant: Respondent, db: ReadDb) -> Response:
    return render(request, OWN, **await _own(db, participant=participant))


@router.post(MINE)
async def tell_own(request: Request, token: str, participant: Respondent, db: Db, at: Moment, typed: Typed) -> Response:
    by = Actor.person(participant.person_id)
    with form_again(OWN, partial(_own, participant=participant), typed):
        if typed.get("remove"):
            await service.withdraw_own(db, participant.event_id, participant.person_id, by, at=at)
            return see_other(request, f"/i/{token}/superior", N_("Your superior will not be asked."))
        given: SuperiorIn = checked(SuperiorIn, _agreed(typed, "name", "address", "language"))
        await service.tell_own(db, participant.event_id, participant.person_id, given, by, at=at)
    return see_other(request, f"/i/{token}/superior", N_("Thank you. Your superior will be asked by e-mail."))


def _agreed(typed: Form, *fields: str) -> dict[str, object]:
    return {**{name: typed.get(name, "") for name in fields}, "is_agreed": typed.get("is_agreed") == "yes"}


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, edit: UUID | None = None, paging: Paging = FIRST
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "attendance",
        "found": await page_of_superiors(db, event_id, caller.language, paging),
        "edited": await superior_of(db, event_id, edit, caller.language) if edit else None,
        "focal_points": await service.count_focal_points(db, event_id),
        "sources": SUPERIOR_SOURCES,
        "languages": LANGUAGES,
        "history": await audit.history(db, event_id),
    }


async def _own(db: AsyncSession, *, participant: Guest) -> Mapping[str, object]:
    """Nothing of what was told: whoever holds the link may not be its owner."""
    event = await db.get_one(Event, participant.event_id)
    attended = await service.own(db, event.id, participant.person_id)
    return {
        "event": event,
        "project": await db.get_one(Project, event.project_id),
        "token": participant.token,
        "is_told": attended.superior is not None,
        "languages": LANGUAGES,
    }
