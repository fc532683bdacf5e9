"""What the participant tells, as JSON."""

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.web import StrictRoute
from events.invitations.invitations.access import Participant
from events.invitations.link_sessions.service import end_other_authors
from events.invitations.questionnaires import service as questions
from events.invitations.registrations.access import must_be_author
from events.invitations.registrations.schemas import Details, InvitationOut

router = APIRouter(prefix="/api/v1", tags=["registrations"], route_class=StrictRoute)


@router.put("/invitation/details", response_model=InvitationOut)
async def tell(given: Details, participant: Participant, db: Db, at: Moment) -> InvitationOut:
    """Answer what every event needs to know of you. What this event asks beside is under `answers`.

    The first time the link is enough; changing what was told takes the token of `/invitation/confirmation`.
    """
    await must_be_author(db, participant)
    await end_other_authors(db, participant.invitation_id, participant.session_id)
    return InvitationOut.of(await questions.tell_all(db, participant.invitation_id, given, {}, at=at))
