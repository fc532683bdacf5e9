"""What is said about a session's people and a programme's versions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.columns import room
from core.text import Blank, Line, WholeNumber
from directory.people.models import Person
from events.programme.agenda.models import SessionPerson, VenueRoom
from events.programme.agenda.rules import SessionRole

Minutes = Annotated[WholeNumber, Field(ge=-86_400, le=86_400)]


class RoleIn(BaseModel):
    """Somebody's part in a session."""

    model_config = ConfigDict(extra="forbid")

    person_id: UUID
    role: SessionRole = SessionRole.speaker
    languages: Annotated[Line, Field(max_length=40)] = ""


class PeopleIn(BaseModel):
    """Everybody with a part in the session; whoever is not named has none."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[list[RoleIn], Field(max_length=50)]


class NamedRole(BaseModel):
    """Somebody's part as the page's form sends it: by name or address."""

    model_config = ConfigDict(extra="forbid")

    who: Annotated[Line, Field(min_length=2, max_length=200)]
    role: SessionRole = SessionRole.speaker
    languages: Annotated[Line, Field(max_length=40)] = ""


class MoveIn(BaseModel):
    """By so many minutes on the clock, or to where another session begins."""

    model_config = ConfigDict(extra="forbid")

    minutes: Annotated[Minutes | None, Blank] = None
    onto: Annotated[UUID | None, Blank] = None


class PartOut(BaseModel):
    """Somebody's part."""

    person_id: UUID
    name: str
    role: SessionRole
    languages: str

    @classmethod
    def of(cls, part: SessionPerson, person: Person) -> "PartOut":
        return cls(person_id=person.id, name=person.name, role=part.role, languages=part.languages)


class SessionPeopleOut(BaseModel):
    """A session and who has a part in it."""

    session_id: UUID
    people: list[PartOut]

    @classmethod
    def of(cls, session_id: UUID, parts: Iterable[tuple[SessionPerson, Person]]) -> "SessionPeopleOut":
        return cls(session_id=session_id, people=[PartOut.of(*part) for part in parts])


class Said(BaseModel):
    """A sentence in the caller's language."""

    text: str


class VersionOut(BaseModel):
    """A published programme."""

    number: int
    published_at: datetime
    published_by: str


class VenueRoomIn(BaseModel):
    """A room of the venue: how many it seats, and what stands in it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=room(VenueRoom, "name"))]
    capacity: Annotated[Annotated[WholeNumber, Field(ge=1, le=100_000)] | None, Blank] = None
    equipment: Annotated[Line, Field(max_length=room(VenueRoom, "equipment"))] = ""


class VenueRoomOut(VenueRoomIn):
    """A room of the venue as it stands; If-Match is `"r…"` with its `revision`."""

    id: UUID
    event_id: UUID
    revision: int
