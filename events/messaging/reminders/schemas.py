"""What may be scheduled."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import ClockText, WholeNumber
from events.messaging.reminders.rules import Anchor, ReminderPurpose


class ScheduledIn(BaseModel):
    """A mail so many days before (negative) or after an anchor, at a time where the event is."""

    model_config = ConfigDict(extra="forbid")

    purpose: ReminderPurpose
    anchor: Anchor
    days: Annotated[WholeNumber, Field(ge=-120, le=60)]
    clock: ClockText = "09:00"


class Switch(BaseModel):
    """Whether an entry is on."""

    is_on: bool


class ScheduledOut(BaseModel):
    """One entry of the timeline. `readers` is how many would get it now."""

    id: UUID
    purpose: ReminderPurpose
    anchor: Anchor
    days: int
    clock: str
    is_on: bool
    moment: datetime | None
    is_done: bool
    sent: int
    readers: int
