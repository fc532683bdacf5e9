"""The roster, and what a participant tells, as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Asked, PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.invitations.access import Participant
from events.invitations.rules import Answer
from events.invitations.service import list_roster
from events.programme.service import get_event
from events.registrations import service
from events.registrations.schemas import Details, InvitationOut, RosterRow, shown

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
    return shown(await service.look_at(db, participant.invitation_id))


@router.put("/invitation/details", response_model=InvitationOut)
async def tell(given: Details, participant: Participant, db: Db, at: Moment) -> dict[str, Any]:
    """Answer what the event needs to know of you."""
    return shown(await service.tell(db, participant.invitation_id, given, at=at))
