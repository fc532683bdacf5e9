"""What people say about their data, and what they are shown of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Spoken
from core.text import Name, Prose
from directory.people.models import Person
from directory.people.schemas import Position
from events.invitations.consents.rules import ConsentPurpose
from events.privacy.erasure.models import ErasureRequest


class ConsentIn(BaseModel):
    """A yes or no to one purpose."""

    model_config = ConfigDict(extra="forbid")

    purpose: ConsentPurpose
    is_given: bool


class Correction(BaseModel):
    """What a person corrects about themself. Their address they change from both mailboxes: links go there."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    title: Position = ""
    language: Spoken = "tr"


class Settlement(BaseModel):
    """What becomes of a request: erased, or kept for a reason that the person is told."""

    model_config = ConfigDict(extra="forbid")

    is_erased: bool
    reason: Annotated[Prose, Field(max_length=500)] = ""


class ErasureOut(BaseModel):
    """A request to be erased."""

    id: UUID
    person_id: UUID
    name: str
    asked_at: datetime

    @classmethod
    def of(cls, request: ErasureRequest, person: Person) -> "ErasureOut":
        return cls.model_validate({**request.model_dump(), "name": person.name})


class MyData(BaseModel):
    """All that is kept about a person for one event, as they may take it with them."""

    person: dict[str, Any]
    event: dict[str, Any]
    invitation: dict[str, Any]
    registration: dict[str, Any]
    answers: dict[str, Any]
    consents: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    attendance: list[str]
    everything: dict[str, list[dict[str, Any]]]
