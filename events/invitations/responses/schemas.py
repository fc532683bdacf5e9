"""What people say to an invitation."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Address, Line, Name, Prose, WholeNumber
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.registrations.rules import RegistrationStatus


class Yes(BaseModel):
    """A yes, a maybe. `answered_by` names a secretary who answers for the person."""

    model_config = ConfigDict(extra="forbid")

    answered_by: Annotated[Line, Field(max_length=120)] = ""


class Acceptance(Yes):
    """A yes, with how many come along where the event allows it."""

    guests: Annotated[WholeNumber, Field(ge=0, le=10)] = 0


class Decline(Yes):
    """A no, with a reason if the person likes to give one."""

    reason: Annotated[Prose, Field(max_length=500)] = ""


class SubstituteIn(Yes):
    """Who comes instead. The address is where their own link goes."""

    name: Name
    title: Annotated[Line, Field(max_length=120)] = ""
    address: Address


class Decision(BaseModel):
    """What the organiser says to somebody who asked for a place."""

    model_config = ConfigDict(extra="forbid")

    is_admitted: bool
    reason: Annotated[Prose, Field(max_length=500)] = ""


class Priority(BaseModel):
    """Who stands ahead on the waiting list, and why."""

    model_config = ConfigDict(extra="forbid")

    is_first: bool = True
    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class Outcome(BaseModel):
    """Where one invitation stands after a step."""

    status: InvitationStatus
    registration: RegistrationStatus | None
