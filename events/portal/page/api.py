"""What a participant sees and tells, as JSON."""

from fastapi import APIRouter

from core.db import ReadDb
from core.web import StrictRoute
from events.invitations.invitations.access import Participant
from events.invitations.registrations import service
from events.invitations.registrations.schemas import InvitationOut

router = APIRouter(prefix="/api/v1", tags=["registrations"], route_class=StrictRoute)


@router.get("/invitation", response_model=InvitationOut)
async def my_invitation(participant: Participant, db: ReadDb) -> InvitationOut:
    """Your own invitation. The bearer token is the last part of your personal link."""
    return InvitationOut.of(await service.read_context(db, participant.invitation_id))
