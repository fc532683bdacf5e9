"""Answers and the roster as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Asked, PageOut, page_out
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.invitations.access import Guest, Participant
from events.invitations.models import Invitation
from events.invitations.rules import Answer
from events.invitations.service import list_roster
from events.programme.models import Event
from events.programme.service import get_event
from events.registrations import service
from events.registrations.schemas import Decline, Details, InvitationOut, RosterRow

router = APIRouter(prefix="/api/v1", tags=["registrations"], route_class=StrictRoute)


@router.get("/events/{event_id}/people", response_model=PageOut[RosterRow])
async def roster(
    event_id: UUID, caller: Organiser, db: ReadDb, asked: Asked,
    standing: Answer | None = None, q: Annotated[str, Query(max_length=200)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Everybody named for the event."""
    event = await get_event(db, event_id, caller)
    page = await list_roster(db, event, asked, standing=standing, wanted=q)
    rows = [
        RosterRow(
            invitation_id=invitation.id, person_id=person.id, name=person.name, title=person.title,
            institution=institution.name if institution else "", province=person.province,
            address=person.address, standing=invitation.standing,
        )
        for invitation, person, institution in page.rows
    ]  # fmt: skip
    return page_out(page, rows)


@router.get("/invitation", response_model=InvitationOut)
async def my_invitation(participant: Participant, db: ReadDb) -> dict[str, Any]:
    """Your own invitation. The bearer token is the last part of your personal link."""
    return await _shown(db, participant)


@router.post("/invitation/acceptance", response_model=InvitationOut)
async def accept(participant: Participant, db: Db, at: Moment, settings: Installed) -> dict[str, Any]:
    """Accept. You get a place, or a spot on the waiting list when the event is full."""
    await service.accept(db, participant.invitation_id, settings, at=at)
    return await _shown(db, participant)


@router.post("/invitation/refusal", response_model=InvitationOut)
async def decline(
    given: Decline, participant: Participant, db: Db, at: Moment, settings: Installed
) -> dict[str, Any]:
    """Decline, before or after accepting."""
    await service.decline(db, participant.invitation_id, given.reason, settings, at=at)
    return await _shown(db, participant)


@router.put("/invitation/details", response_model=InvitationOut)
async def tell(given: Details, participant: Participant, db: Db, at: Moment) -> dict[str, Any]:
    """Answer what the event needs to know of you."""
    await service.tell(db, participant.invitation_id, given, at=at)
    return await _shown(db, participant)


async def _shown(db: AsyncSession, participant: Guest) -> dict[str, Any]:
    invitation = await db.get_one(Invitation, participant.invitation_id)
    event = await db.get_one(Event, invitation.event_id)
    registration = await service.find_active(db, invitation)
    return {
        "event": event.title, "venue": event.venue, "first_day": event.first_day, "last_day": event.last_day,
        "zone": event.zone, "answer_by": event.answer_by, "standing": invitation.standing,
        "registration": registration.standing if registration else None,
        "details_given": bool(registration and registration.told_at),
    }  # fmt: skip
