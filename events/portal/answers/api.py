"""The participant’s answers, as JSON."""

from typing import Any

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.settings import Installed
from core.web import StrictRoute
from events.invitations.invitations.access import Participant
from events.invitations.registrations.schemas import InvitationOut, shown
from events.invitations.responses import service
from events.invitations.responses.schemas import Acceptance, Decline, Outcome, SubstituteIn, Yes
from events.participants.decisions.api import _outcome

router = APIRouter(prefix="/api/v1", tags=["answers"], route_class=StrictRoute)


@router.post("/invitation/acceptance", response_model=InvitationOut)
async def accept(
    participant: Participant, db: Db, at: Moment, settings: Installed, given: Acceptance | None = None
) -> dict[str, Any]:
    """Accept. You get a place, or a spot on the waiting list when the event is full."""
    said = given or Acceptance()
    return shown(
        await service.accept(db, participant.invitation_id, settings, at=at, by=said.answered_by, guests=said.guests)
    )


@router.post("/invitation/tentative", response_model=InvitationOut)
async def tentative(
    participant: Participant, db: Db, at: Moment, settings: Installed, given: Yes | None = None
) -> dict[str, Any]:
    """Say maybe. No place is kept."""
    by = given.answered_by if given else ""
    return shown(await service.mark_tentative(db, participant.invitation_id, settings, at=at, by=by))


@router.post("/invitation/decline", response_model=InvitationOut)
async def decline(given: Decline, participant: Participant, db: Db, at: Moment, settings: Installed) -> dict[str, Any]:
    """Decline, before or after accepting."""
    return shown(
        await service.decline(db, participant.invitation_id, given.reason, settings, at=at, by=given.answered_by)
    )


@router.post("/invitation/substitution", response_model=Outcome)
async def send_somebody_else(
    given: SubstituteIn, participant: Participant, db: Db, at: Moment, settings: Installed
) -> Outcome:
    """Name who comes in your place. The place changes hands; your link then only tells you so."""
    return _outcome(await service.substitute(db, participant.invitation_id, given, settings, at=at))
