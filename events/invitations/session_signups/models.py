"""Who takes part in a session that has places of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id


class SessionSignup(SQLModel, table=True):
    """One registration's place in one session, or since `waiting_since` a spot on its waiting list, with a place that
    is kept for its answer until `offered_until`. A place given back stays with its moment: feeds have to say so."""

    __tablename__ = "session_place"
    __table_args__ = (UniqueConstraint("session_id", "registration_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="session.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    taken_at: datetime = instant()
    waiting_since: datetime | None = instant(default=None, nullable=True)
    offered_until: datetime | None = instant(default=None, nullable=True)
    left_at: datetime | None = instant(default=None, nullable=True)
