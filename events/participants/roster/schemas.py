"""What may be asked of the roster, and what is answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank
from directory.people.models import Institution, Person
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import Category, InvitationStatus
from events.participants.roster.rules import Column, Mark


@dataclass(frozen=True)
class RosterFilter:
    """Words in name, position, address, institution or province, and what else is asked of a person."""

    q: str = ""
    status: InvitationStatus | None = None
    category: Category | None = None
    mark: Mark | None = None

    @property
    def query(self) -> str:
        """As the query of an address."""
        asked = {"q": self.q, "status": self.status, "category": self.category, "mark": self.mark}
        return urlencode({name: value for name, value in asked.items() if value})


def _filter(
    q: Annotated[str, Query(max_length=200)] = "",
    status: Annotated[InvitationStatus | None, Blank] = None,
    category: Annotated[Category | None, Blank] = None,
    mark: Annotated[Mark | None, Blank] = None,
) -> RosterFilter:
    return RosterFilter(q, status, category, mark)


Wanted = Annotated[RosterFilter, Depends(_filter)]


class ColumnsIn(BaseModel):
    """Which columns to show, in the usual order."""

    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[Column], Field(max_length=len(Column))]


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
    def of(
        cls, invitation: Invitation, person: Person, institution: Institution | None, *, is_complete: bool | None
    ) -> "RosterRow":
        return cls(
            invitation_id=invitation.id,
            person_id=person.id,
            name=person.name,
            title=person.title,
            institution=institution.name if institution else "",
            province=person.province,
            address=person.address,
            category=invitation.category,
            status=invitation.status,
            answered_at=invitation.answered_at,
            is_complete=is_complete,
        )
