"""Who was there."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from events.attendance.records.rules import AttendanceSource, Half


class Attendance(SQLModel, table=True):
    """A half-day that counts as attended: what the records of that half-day come to."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("registration_id", "day", "half"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    day: date
    half: Half = choice(Half)
    entered_at: datetime = instant()


class AttendanceRecord(SQLModel, table=True):
    """What one source says of a person and half-day. Rows are added and never changed.

    `happened_at` is when somebody passed the desk, where that is known. `evidence_id` is the page or list that shows
    it. `account_id` is who entered it; empty where the person or a device did. `reason` is why staff corrected it.
    """

    __tablename__ = "attendance_record"
    __table_args__ = (Index("ix_attendance_record_of", "registration_id", "day"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    day: date
    half: Half = choice(Half)
    is_present: bool
    source: AttendanceSource = choice(AttendanceSource)
    entered_at: datetime = instant()
    happened_at: datetime | None = instant(default=None, nullable=True)
    evidence_id: UUID | None = Field(default=None, index=True)
    account_id: UUID | None = None
    reason: str = secret(default="")
