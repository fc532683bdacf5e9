"""What is scheduled for an event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.messaging.reminders.rules import Anchor, ReminderPurpose


class Scheduled(SQLModel, table=True):
    """One mail to many at a moment that moves with the event. `done_for` is the moment for which it was done:
    where the event moves, another moment comes, and each person still gets it once."""

    __tablename__ = "scheduled"
    __table_args__ = (
        UniqueConstraint("event_id", "purpose", "anchor", "days"),
        Index("ix_scheduled_is_on", "is_on", sqlite_where=text("is_on"), postgresql_where=text("is_on")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    purpose: ReminderPurpose = choice(ReminderPurpose)
    anchor: Anchor = choice(Anchor)
    days: int
    clock: str = Field(default="09:00", max_length=5)
    is_on: bool = True
    done_for: datetime | None = instant(default=None, nullable=True)
    sent: int = 0
