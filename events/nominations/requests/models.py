"""Calls for nominations: what an institution was asked, by which links, and whom it named."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from directory.people.models import Institution
from events.nominations.requests.rules import LetterState, NomineeState


class NominationRequest(SQLModel, table=True):
    """An institution asked to name `places` people by a day. `note` is what the organiser wrote back last."""

    __tablename__ = "nomination_call"
    __table_args__ = (
        UniqueConstraint("event_id", "institution_id"),
        CheckConstraint("places >= 1", name="asks_for_somebody"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    institution_id: UUID = Field(foreign_key="institution.id", index=True)
    capacity: int = Field(sa_column_kwargs={"name": "places"})
    answer_by: date
    note: str = Field(default="", max_length=2000)
    rounds: int = 0
    made_at: datetime = instant()
    named_at: datetime | None = instant(default=None, nullable=True)
    withdrawn_at: datetime | None = instant(default=None, nullable=True)


class NominationLink(SQLModel, table=True):
    """One link: mailed to a focal point, or printed on the letter to an institution that has none. Only its hash is
    kept."""

    __tablename__ = "call_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    call_id: UUID = Field(foreign_key="nomination_call.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = instant()
    opened_at: datetime | None = instant(default=None, nullable=True)
    revoked_at: datetime | None = instant(default=None, nullable=True)


class Nominee(SQLModel, table=True):
    """A name that an institution gave. It becomes a person of the project when the organiser accepts it."""

    __tablename__ = "nominee"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    call_id: UUID = Field(foreign_key="nomination_call.id", index=True)
    position: int
    name: str = Field(max_length=120)
    title: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=254)
    state: NomineeState = choice(NomineeState, default=NomineeState.named)
    invitation_id: UUID | None = Field(default=None, foreign_key="invitation.id", index=True)


@dataclass(frozen=True)
class CallRow:
    """A call in the organiser's list, with how many were named and accepted and who can be written to."""

    call: NominationRequest
    institution: Institution
    named: int
    accepted: int
    reachable: int
    opened_at: datetime | None
    letter: LetterState = LetterState.none
