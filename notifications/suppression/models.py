"""The suppression list, and who wants no bulk mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from notifications.suppression.rules import MailTopic, Why


class Suppression(SQLModel, table=True):
    """An address that a project sends nothing to until somebody releases it.

    Each project learns of a dead address by its own mail: what came back to one would tell another whom it writes to.
    No project: mail of the installation itself, as to its accounts.
    """

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("project_id", "address_key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID | None = Field(default=None, foreign_key="project.id")
    address_key: str = Field(max_length=254, index=True)
    why: Why = choice(Why)
    answer: str = Field(default="", max_length=500)
    since: datetime = instant()


class Unsubscription(SQLModel, table=True):
    """A person who wants no bulk mail of a project about that. What an answer or the journey needs still reaches
    them."""

    __tablename__ = "unsubscription"
    __table_args__ = (UniqueConstraint("person_id", "project_id", "topic"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    project_id: UUID = Field(foreign_key="project.id")
    topic: MailTopic = choice(MailTopic, default=MailTopic.news)
    since: datetime = instant()
