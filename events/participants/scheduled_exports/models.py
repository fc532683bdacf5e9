"""Lists that go out by themselves, and to whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.invitations.invitations.rules import Category, InvitationStatus
from events.participants.roster.rules import Mark
from events.participants.scheduled_exports.rules import ExportEnd, Rhythm


class ScheduledExport(SQLModel, table=True):
    """Which part of the list of participants is said to its readers, how often and until when; `account_id` answers for
    it. Without `ends_on` it goes until the event's last day, wherever that moves. `last_for` is the day whose mails are
    written. Names are no filter: nobody's name stands here."""

    __tablename__ = "scheduled_export"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="a_day_of_the_week"),
        CheckConstraint("days_before BETWEEN 1 AND 60", name="days_before_the_event"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    rhythm: Rhythm = choice(Rhythm)
    weekday: int = 0
    days_before: int = 1
    ends_on: date | None = None
    status: InvitationStatus | None = choice(InvitationStatus, default=None, nullable=True)
    category: Category | None = choice(Category, default=None, nullable=True)
    mark: Mark | None = choice(Mark, default=None, nullable=True)
    made_at: datetime = instant()
    last_for: date | None = None
    ended_at: datetime | None = instant(default=None, nullable=True)
    end: ExportEnd | None = choice(ExportEnd, default=None, nullable=True)


class ScheduledExportReader(SQLModel, table=True):
    """Somebody whom it goes to, as long as they may read the project."""

    __tablename__ = "scheduled_export_reader"

    export_id: UUID = Field(foreign_key="scheduled_export.id", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
