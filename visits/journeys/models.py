"""Findings that somebody has looked at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id


class SeenFinding(SQLModel, table=True):
    """An organiser says that a finding is all right, and why. `about` is the finding's code with what it is about, so
    that it comes up again when something else is found."""

    __tablename__ = "seen_finding"
    __table_args__ = (UniqueConstraint("registration_id", "about"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    about: str = Field(max_length=64)
    reason: str = secret()
    account_id: UUID
    seen_at: datetime = instant()
