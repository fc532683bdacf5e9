"""Webhooks of projects. What they are told waits in the outbox beside the mails."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document, instant, secret
from core.ids import new_id


class Webhook(SQLModel, table=True):
    """An address of another program. `read_until` is how far the project's history has been told there."""

    __tablename__ = "webhook"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    label: str = Field(default="", max_length=120)
    url: str = Field(max_length=254)
    signing_secret: str = secret()
    topics: list[str] = document(default_factory=list)
    made_at: datetime = instant()
    read_until: datetime = instant()
    paused_at: datetime | None = instant(default=None, nullable=True)
    removed_at: datetime | None = instant(default=None, nullable=True)
