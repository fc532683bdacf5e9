"""The event as people were told of it."""

from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document


class NotifiedSnapshot(SQLModel, table=True):
    """The event as people were told of it at one sequence; what it is for stands in the service."""

    __tablename__ = "telling"

    event_id: UUID = Field(foreign_key="event.id", primary_key=True)
    sequence: int = Field(primary_key=True)
    content: dict[str, Any] = document(default_factory=dict)
