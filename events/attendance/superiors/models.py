"""Superiors, and of whom they are."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.attendance.superiors.rules import SuperiorSource


class Superior(SQLModel, table=True):
    """One mailbox that is asked once about all its people at an event. `has_answered` has no moment and points to no
    answer. Who wants no more of it has no address any more."""

    __tablename__ = "superior"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    name: str = Field(max_length=120)
    address: str = Field(max_length=254)
    language: str = Field(default="tr", max_length=2)
    has_answered: bool = False


class SuperiorOf(SQLModel, table=True):
    """Whose superior somebody is, who said so and when the participant had agreed."""

    __tablename__ = "superior_of"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    superior_id: UUID = Field(foreign_key="superior.id", index=True)
    source: SuperiorSource = choice(SuperiorSource)
    stated_at: datetime = instant()
