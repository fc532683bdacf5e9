"""The participant’s answers, as JSON."""

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.settings import Installed
from core.web import StrictRoute
from events.invitations.invitations.access import Participant
from events.invitations.registrations.access import must_name_guests
from events.invitations.registrations.schemas import InvitationOut
from events.invitations.responses import service
from events.invitations.responses.schemas import Acceptance, Decline, Outcome, Yes
from events.invitations.substitutions import service as substitutions
from events.invitations.substitutions.schemas import SubstituteIn, SubstitutionOutcome

router = APIRouter(prefix="/api/v1", tags=["answers"], route_class=StrictRoute)


@router.post("/invitation/acceptance", response_model=InvitationOut)
async def accept(
    participant: Participant, db: Db, at: Moment, settings: Installed, given: Acceptance | None = None
) -> InvitationOut:
    """Accept. You get a place, or a spot on the waiting list when the event is full."""
    said = given or Acceptance()
    if said.guest_names:
        await must_name_guests(db, participant)
    return InvitationOut.of(
        await service.accept(
            db,
            participant.invitation_id,
            settings,
            at=at,
            by=said.answered_by,
            guests=said.guests,
            guest_names=said.guest_names,
        )
    )


@router.post("/invitation/tentative", response_model=InvitationOut)
async def tentative(
    participant: Participant, db: Db, at: Moment, settings: Installed, given: Yes | None = None
) -> InvitationOut:
    """Say maybe. No place is kept."""
    by = given.answered_by if given else ""
    return InvitationOut.of(await service.mark_tentative(db, participant.invitation_id, settings, at=at, by=by))


@router.post("/invitation/decline", response_model=InvitationOut)
async def decline(given: Decline, participant: Participant, db: Db, at: Moment, settings: Installed) -> InvitationOut:
    """Decline, before or after accepting."""
    return InvitationOut.of(
        await service.decline(db, participant.invitation_id, given.reason, settings, at=at, by=given.answered_by)
    )


@router.post("/invitation/substitution", response_model=SubstitutionOutcome)
async def send_substitute(
    given: SubstituteIn, participant: Participant, db: Db, at: Moment, settings: Installed
) -> SubstitutionOutcome:
    """Name who comes in your place, as far as the event allows it. The place changes hands at once and your link then
    only tells you so; where the organiser approves first, `proposal` says so and your invitation stays as it is."""
    return SubstitutionOutcome.sent(await substitutions.send(db, participant.invitation_id, given, settings, at=at))


@router.delete("/invitation/substitution", response_model=Outcome)
async def take_back_substitute(participant: Participant, db: Db, at: Moment, settings: Installed) -> Outcome:
    """Come yourself after all: possible until the substitute has answered."""
    return Outcome.of(await substitutions.take_back(db, participant.invitation_id, settings, at=at))
