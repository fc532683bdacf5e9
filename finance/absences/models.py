"""When each person was away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id
from finance.rules.facts import TimeAway
from visits.travel_types import local_time


class Absence(SQLModel, table=True):
    """From leaving home or the duty station to being back, of one registration: moments with the zones of both clocks
    beside them. `entered_by` is the account that entered it, none where the person did."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("returns_at > leaves_at", name="back_after_leaving"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    leaves_at: datetime = instant()
    leaves_zone: str = Field(max_length=64)
    returns_at: datetime = instant()
    returns_zone: str = Field(max_length=64)
    entered_by: UUID | None = None
    entered_at: datetime = instant()

    @property
    def away(self) -> TimeAway:
        """By the clocks of both places."""
        return TimeAway(local_time(self.leaves_at, self.leaves_zone), local_time(self.returns_at, self.returns_zone))
