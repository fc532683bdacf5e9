"""How somebody likes their calendar."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import WholeNumber


class FeedWish(BaseModel):
    """Sessions or whole days, an alarm so many minutes before, and what else is shown; no language is the person's
    own."""

    model_config = ConfigDict(extra="forbid")

    as_days: bool = False
    alarm_minutes: Annotated[WholeNumber, Field(ge=0, le=10_080)] = 0
    language: Literal["", "en", "tr"] = ""
    with_tentative: bool = True
    with_deadlines: bool = False


class SubscriptionOut(FeedWish):
    """A subscription that is not ended."""

    id: UUID
    made_at: datetime


class SubscriptionMade(BaseModel):
    """The secret address of a subscription: whoever has it reads the calendar."""

    address: str
