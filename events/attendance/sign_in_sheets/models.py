"""Who was there."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id


class Half(StrEnum):
    """Half a day, as on the signed sheet."""

    morning = "am"
    afternoon = "pm"


class Attendance(SQLModel, table=True):
    """One signature: this registration, this half-day."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("registration_id", "day", "half"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    day: date
    half: Half = choice(Half)
    entered_at: datetime = instant()
