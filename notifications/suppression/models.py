"""The suppression list, and who wants no bulk mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from notifications.suppression.rules import Topic, Why


class Suppression(SQLModel, table=True):
    """An address that nothing is sent to until somebody releases it."""

    __tablename__ = "suppression"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    address_key: str = Field(max_length=254, unique=True)
    why: Why = choice(Why)
    answer: str = Field(default="", max_length=500)
    since: datetime = instant()


class Unsubscription(SQLModel, table=True):
    """A person who wants no bulk mail of a project about that. What an answer or the journey needs still reaches them."""

    __tablename__ = "unsubscription"
    __table_args__ = (UniqueConstraint("person_id", "project_id", "topic"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    project_id: UUID = Field(foreign_key="project.id")
    topic: Topic = choice(Topic, default=Topic.news)
    since: datetime = instant()
