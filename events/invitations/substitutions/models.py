"""Substitutes who wait for the organiser's approval."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from events.invitations.registrations.models import ResponseContext
from events.invitations.substitutions.rules import ProposalState


class SubstitutionProposal(SQLModel, table=True):
    """Whom an invited person wants to send, one for each invitation: nobody of the project before the organiser
    approves. What it says of them is kept only until that is decided."""

    __tablename__ = "substitution_proposal"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    invitation_id: UUID = Field(foreign_key="invitation.id", unique=True)
    name: str = Field(default="", max_length=120)
    title: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=254)
    answered_by: str = secret(default="")
    state: ProposalState = choice(ProposalState, default=ProposalState.proposed)
    proposed_at: datetime = instant()
    decided_at: datetime | None = instant(default=None, nullable=True)


@dataclass(frozen=True)
class Sent:
    """What came of sending somebody else: the invitation that counts now, or the proposal that waits."""

    context: ResponseContext
    proposal: SubstitutionProposal | None = None
