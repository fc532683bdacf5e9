"""What goes in and out about substitutes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Address, Name, Prose
from directory.people.schemas import Position
from events.invitations.responses.schemas import Outcome, Yes
from events.invitations.substitutions.models import Sent
from events.invitations.substitutions.rules import ProposalState


class SubstituteIn(Yes):
    """Who comes instead. The address is where their own link goes."""

    name: Name
    title: Position = ""
    address: Address


class ProposalDecision(BaseModel):
    """What the organiser says to a substitute who was proposed."""

    model_config = ConfigDict(extra="forbid")

    is_approved: bool
    reason: Annotated[Prose, Field(max_length=500)] = ""


class SubstitutionOutcome(Outcome):
    """Where the invitation stands; `proposal` says what became of a substitute who needs the organiser's approval."""

    proposal: ProposalState | None = None

    @classmethod
    def sent(cls, sent: Sent) -> "SubstitutionOutcome":
        outcome = Outcome.of(sent.context)
        return cls(**outcome.model_dump(), proposal=sent.proposal.state if sent.proposal else None)
