"""What a participant answers."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.errors import N_
from core.text import Line, Name, Prose, wrong
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.registrations.models import ResponseContext
from events.invitations.registrations.rules import RegistrationStatus

_PHONE = re.compile(r"\+?[0-9 ()./-]{6,24}")


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text) or sum(c.isdigit() for c in text) < 6:
        raise wrong(N_("Please write a telephone number like +90 532 000 00 00."))
    return text


def _agreed(value: object) -> object:
    if value not in (True, "yes", "true", "on"):
        raise wrong(N_("We cannot register you without your consent to the use of these data."))
    return True


class Details(BaseModel):
    """The five questions and three consents, each apart."""

    model_config = ConfigDict(extra="forbid")

    passport_name: Name
    mobile: Annotated[Line, AfterValidator(_phone)]
    diet: Annotated[Line, Field(max_length=200)] = ""
    accessibility: Annotated[Prose, Field(max_length=1000)] = ""
    emergency_contact: Annotated[Line, Field(max_length=200)] = ""
    agrees_data_use: Annotated[bool, BeforeValidator(_agreed)]
    agrees_photographs: bool = False
    agrees_contacts: bool = False


class InvitationOut(BaseModel):
    """What a participant sees of their own invitation."""

    event: str
    venue: str
    first_day: date
    last_day: date
    zone: str
    answer_by: date | None
    status: InvitationStatus
    registration: RegistrationStatus | None
    offered_until: datetime | None
    details_given: bool

    @classmethod
    def of(cls, context: ResponseContext) -> "InvitationOut":
        event, registration = context.event, context.registration
        return cls(
            event=event.title,
            venue=event.venue,
            first_day=event.first_day,
            last_day=event.last_day,
            zone=event.zone,
            answer_by=event.answer_by,
            status=context.invitation.status,
            registration=registration.status if registration else None,
            offered_until=registration.offered_until if registration else None,
            details_given=bool(registration and registration.told_at),
        )
