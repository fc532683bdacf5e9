"""Why something sensitive is opened, and what is shown then."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Prose
from events.invitations.registrations.models import ResponseContext

_TOLD = ("passport_name", "mobile", "diet", "accessibility", "emergency_contact", "guest_names")


class DisclosureIn(BaseModel):
    """Why: it is kept in the history."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=3, max_length=500)]


class DisclosureOut(BaseModel):
    """What somebody told for an event, and what they or staff wrote about their answer."""

    told: dict[str, str]
    answers: dict[str, str]
    reason: str
    answered_by: str

    @classmethod
    def of(cls, context: ResponseContext, answers: dict[str, str]) -> "DisclosureOut":
        latest = context.latest
        return cls(
            told={name: getattr(latest, name) for name in _TOLD} if latest else {},
            answers=answers,
            reason=context.invitation.reason,
            answered_by=context.invitation.answered_by,
        )
