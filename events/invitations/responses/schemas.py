"""What people say to an invitation."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.errors import N_
from core.text import Blank, Line, Name, Prose, WholeNumber
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.registrations.models import ResponseContext
from events.invitations.registrations.rules import RegistrationStatus


def lines_of(value: object) -> object:
    """A form sends names a line each."""
    return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


class Yes(BaseModel):
    """A yes, a maybe. `answered_by` names a secretary who answers for the person."""

    model_config = ConfigDict(extra="forbid")

    answered_by: Annotated[Line, Field(max_length=120)] = ""


class Acceptance(Yes):
    """A yes, with how many come along where the event allows it. Without a number a second yes leaves it as it was."""

    guests: Annotated[Annotated[WholeNumber, Field(ge=0, le=10)] | None, Blank] = None
    guest_names: Annotated[list[Name], Field(max_length=10), BeforeValidator(lines_of)] = []


class Decline(Yes):
    """A no, with a reason if the person likes to give one."""

    reason: Annotated[Prose, Field(max_length=500)] = ""


class HeardBy(StrEnum):
    """How staff came to know an answer."""

    telephone = "telephone"
    mail = "mail"
    person = "person"
    letter = "letter"


HEARD_BY = {
    HeardBy.telephone: N_("by telephone"),
    HeardBy.mail: N_("by e-mail"),
    HeardBy.person: N_("in person"),
    HeardBy.letter: N_("by letter"),
}


class RecordedAnswer(BaseModel):
    """What somebody said to staff, and how."""

    model_config = ConfigDict(extra="forbid")

    answer: Literal[InvitationStatus.accepted, InvitationStatus.tentative, InvitationStatus.declined]
    how: HeardBy
    reason: Annotated[Prose, Field(max_length=500)] = ""
    guests: Annotated[Annotated[WholeNumber, Field(ge=0, le=10)] | None, Blank] = None


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

    @classmethod
    def of(cls, context: ResponseContext) -> "Outcome":
        registration = context.registration.status if context.registration else None
        return cls(status=context.invitation.status, registration=registration)
