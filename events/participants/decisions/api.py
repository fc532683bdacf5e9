"""Answers, and the organiser's decisions about them, as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.invitations.invitations.schemas import LinkIn, LinkMade, Withdrawal
from events.invitations.invitations.service import link_by_hand
from events.invitations.responses import service
from events.invitations.responses.schemas import Decision, Outcome, Priority, RecordedAnswer
from events.invitations.substitutions import service as substitutions
from events.invitations.substitutions.schemas import ProposalDecision, SubstituteIn, SubstitutionOutcome
from events.invitations.waiting_list.service import set_priority

router = APIRouter(prefix="/api/v1", tags=["answers"], route_class=StrictRoute)


@router.post("/invitations/{invitation_id}/substitution", response_model=Outcome)
async def substitute(
    invitation_id: UUID, given: SubstituteIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Outcome:
    """Put somebody else in a person's place, whatever the deadline."""
    return Outcome.of(await substitutions.substitute(db, invitation_id, given, settings, at=at, caller=caller))


@router.delete("/invitations/{invitation_id}/substitution", response_model=Outcome)
async def take_back_substitute(
    invitation_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Outcome:
    """Let somebody come who had sent a substitute, or withdraw what they proposed."""
    return Outcome.of(await substitutions.take_back(db, invitation_id, settings, at=at, caller=caller))


@router.post("/invitations/{invitation_id}/substitution/decision", response_model=SubstitutionOutcome)
async def decide_substitution(
    invitation_id: UUID, given: ProposalDecision, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> SubstitutionOutcome:
    """Approve the substitute whom somebody proposed, or say why not."""
    return SubstitutionOutcome.sent(
        await substitutions.decide(db, invitation_id, given.is_approved, given.reason, caller, settings, at=at)
    )


@router.post("/invitations/{invitation_id}/answer", response_model=Outcome)
async def record_answer(
    invitation_id: UUID, given: RecordedAnswer, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Outcome:
    """Note what somebody answered by telephone, by mail or in person. Deadlines do not matter."""
    return Outcome.of(await service.record_answer(db, invitation_id, given, caller, settings, at=at))


@router.post("/invitations/{invitation_id}/decision", response_model=Outcome)
async def decide(
    invitation_id: UUID, given: Decision, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Outcome:
    """Let somebody in who asked on the public page, or not."""
    return Outcome.of(await service.decide(db, invitation_id, given.is_admitted, given.reason, caller, settings, at=at))


@router.post("/invitations/{invitation_id}/withdrawal", response_model=Outcome)
async def withdraw(
    invitation_id: UUID, given: Withdrawal, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Outcome:
    """Take an invitation back. The place is free at once."""
    return Outcome.of(await service.withdraw(db, invitation_id, given.reason, caller, settings, at=at))


@router.put("/invitations/{invitation_id}/priority", response_model=Outcome)
async def prefer(invitation_id: UUID, given: Priority, caller: Organiser, db: Db, at: Moment) -> Outcome:
    """Put somebody ahead on the waiting list; the reason stays in the history."""
    return Outcome.of(await set_priority(db, invitation_id, given.is_first, given.reason, caller, at=at))


@router.post("/invitations/{invitation_id}/link", status_code=201)
async def link(
    invitation_id: UUID, given: LinkIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> LinkMade:
    """A personal link to hand over where mail does not reach. It is shown here and never again."""
    only = given.is_only_one
    address = await link_by_hand(db, invitation_id, caller, settings, at=at, is_only_one=only)
    return LinkMade(address=address)
