"""What a traveller was told last of their journey."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document, instant
from core.ids import new_id


class TravelNotice(SQLModel, table=True):
    """One traveller of one event. `content` is what they knew last: what the last mail said, or before the first one
    what held when an organiser first moved something under them. `round` counts the mails."""

    __tablename__ = "travel_notice"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    content: dict[str, Any] = document(default_factory=dict)
    round: int = 0
    noted_at: datetime = instant()
    told_at: datetime | None = instant(default=None, nullable=True)
