"""What may be asked of the roster, and what is answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank
from directory.people.models import Person
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import Category, InvitationStatus, Origin
from events.invitations.invitations.schemas import RosterEntryIn
from events.invitations.registrations.rules import RegistrationStatus
from events.participants.roster.rules import Column, Mark
from notifications.outbox.rules import State

RosterSort = Literal[
    "name",
    "-name",
    "surname",
    "-surname",
    "institution",
    "-institution",
    "province",
    "-province",
    "answer",
    "-answer",
    "answered-at",
    "-answered-at",
]


@dataclass(frozen=True)
class RosterFilter:
    """Words in name, position, address, institution or province, what else is asked of a person, and the order."""

    q: str = ""
    status: InvitationStatus | None = None
    category: Category | None = None
    mark: Mark | None = None
    sort: RosterSort = "name"

    @property
    def query(self) -> str:
        """As the query of an address."""
        return "&".join(filter(None, [self.unsorted, f"sort={self.sort}" if self.sort != "name" else ""]))

    @property
    def unsorted(self) -> str:
        """The same without the order."""
        asked = {"q": self.q, "status": self.status, "category": self.category, "mark": self.mark}
        return urlencode({name: value for name, value in asked.items() if value})


def _filter(
    q: Annotated[str, Query(max_length=200)] = "",
    status: Annotated[InvitationStatus | None, Blank] = None,
    category: Annotated[Category | None, Blank] = None,
    mark: Annotated[Mark | None, Blank] = None,
    sort: Annotated[RosterSort, Query(description="What the list is ordered by, then by name; “-” from the end.")] = (
        "name"
    ),
) -> RosterFilter:
    return RosterFilter(q, status, category, mark, sort)


Wanted = Annotated[RosterFilter, Depends(_filter)]


class ColumnsIn(BaseModel):
    """Which columns to show, in the usual order."""

    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[Column], Field(max_length=len(Column))]


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person on the list, with all that its columns show. `mail`, `signed` and `reason` are read only where they
    are asked for."""

    invitation_id: UUID
    person_id: UUID
    name: str
    title: str
    title_en: str
    province: str
    address: str | None
    institution: str | None
    institution_en: str | None
    category: Category
    status: InvitationStatus
    origin: Origin
    answered_at: datetime | None
    opened_at: datetime | None
    reason: str | None
    registration: RegistrationStatus | None
    told_at: datetime | None
    missing: int | None
    guests: int | None
    mail: State | None
    signed: int | None

    def title_in(self, language: str) -> str:
        """The position in that language, or the one they are known by."""
        return (self.title_en if language == "en" else "") or self.title

    @property
    def is_complete(self) -> bool | None:
        """Whether all data are there; nothing where nobody said yes."""
        if self.registration is None or self.registration is RegistrationStatus.pending:
            return None
        return self.told_at is not None and self.missing == 0


class RosterRow(BaseModel):
    """One person of the roster, without what they told us in confidence."""

    invitation_id: UUID
    person_id: UUID
    name: str
    title: str
    institution: str
    province: str
    address: str | None
    category: Category
    status: InvitationStatus
    answered_at: datetime | None
    is_complete: bool | None

    @classmethod
    def of(cls, line: RosterLine) -> "RosterRow":
        return cls(
            invitation_id=line.invitation_id,
            person_id=line.person_id,
            name=line.name,
            title=line.title,
            institution=line.institution or "",
            province=line.province,
            address=line.address,
            category=line.category,
            status=line.status,
            answered_at=line.answered_at,
            is_complete=line.is_complete,
        )


class NamedIn(RosterEntryIn):
    """Somebody to be named by hand, to be invited or, with `is_added`, with a place at once."""

    is_added: bool = False


class NamedOut(BaseModel):
    """Who is on the list now."""

    person_id: UUID
    invitation_id: UUID
    status: InvitationStatus

    @classmethod
    def of(cls, person: Person, invitation: Invitation) -> "NamedOut":
        return cls(person_id=person.id, invitation_id=invitation.id, status=invitation.status)
