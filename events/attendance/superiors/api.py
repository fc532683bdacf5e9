"""Superiors for programs: staff of a project, and participants themselves."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.audit import Actor
from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count, PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.attendance.superiors import service
from events.attendance.superiors.schemas import Agreed, SuperiorIn, SuperiorOut, SuperiorPaging
from events.attendance.superiors.views import page_of_superiors
from events.invitations.invitations.access import Respondent
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["evaluations"], route_class=StrictRoute)


@router.get("/events/{event_id}/superiors", response_model=PageOut[SuperiorOut])
async def superiors(event_id: UUID, caller: Organiser, db: ReadDb, paging: SuperiorPaging) -> dict[str, Any]:
    """Everybody who attended, and whom an evaluation by superiors asks about them."""
    await get_event(db, event_id, caller)
    found = await page_of_superiors(db, event_id, caller.language, paging)
    return page_out(found, found.rows)


@router.put("/events/{event_id}/superiors/{registration_id}", status_code=204)
async def set_superior(
    event_id: UUID, registration_id: UUID, given: SuperiorIn, caller: Organiser, db: Db, at: Moment
) -> None:
    """Say whom to ask about somebody; `is_agreed` says that they know and agree."""
    await service.set_superior(db, event_id, registration_id, given, caller, at=at)


@router.delete("/events/{event_id}/superiors/{registration_id}", status_code=204)
async def remove(event_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment) -> None:
    """Nobody is asked about this person."""
    await service.remove(db, event_id, registration_id, caller, at=at)


@router.post("/events/{event_id}/superiors/focal-points", response_model=Count)
async def take_focal_points(event_id: UUID, given: Agreed, caller: Organiser, db: Db, at: Moment) -> Count:
    """The focal point of the institution for everybody without a superior. 409 where there is nobody."""
    return Count(count=await service.take_focal_points(db, event_id, given, caller, at=at))


@router.put("/invitation/superior", status_code=204)
async def tell_own(given: SuperiorIn, participant: Respondent, db: Db, at: Moment) -> None:
    """Say who your superior is, if you agree that they are asked some months later. 404 before you have attended."""
    by = Actor.person(participant.person_id)
    await service.tell_own(db, participant.event_id, participant.person_id, given, by, at=at)


@router.delete("/invitation/superior", status_code=204)
async def withdraw_own(participant: Respondent, db: Db, at: Moment) -> None:
    """Your superior is not to be asked."""
    by = Actor.person(participant.person_id)
    await service.withdraw_own(db, participant.event_id, participant.person_id, by, at=at)
