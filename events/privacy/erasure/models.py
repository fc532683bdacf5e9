"""Requests to be erased."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id


class ErasureRequest(SQLModel, table=True):
    """Somebody asks that what is kept about them ends. `outcome` says what was done."""

    __tablename__ = "erasure_request"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    asked_at: datetime = instant()
    settled_at: datetime | None = instant(default=None, nullable=True)
    outcome: str = secret(default="")
