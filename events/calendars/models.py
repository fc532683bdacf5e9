"""Subscribed calendars."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id


class Feed(SQLModel, table=True):
    """One subscription of one person, with its own secret address."""

    __tablename__ = "feed"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None, nullable=True)
