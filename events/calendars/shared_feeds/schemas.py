"""What a shared calendar is asked to show."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Spoken
from core.text import Blank, Line, WholeNumber
from events.calendars.shared_feeds.models import SharedFeed
from events.calendars.shared_feeds.rules import FeedKind


class SharedFeedIn(BaseModel):
    """A calendar to subscribe to."""

    model_config = ConfigDict(extra="forbid")

    kind: FeedKind
    component_id: Annotated[UUID | None, Blank] = None
    person_id: Annotated[UUID | None, Blank] = None
    room: Annotated[Line, Field(max_length=120)] = ""
    language: Spoken = "tr"
    as_days: bool = False
    alarm_minutes: Annotated[WholeNumber, Field(ge=0, le=10_080)] = 0
    with_tentative: bool = True
    label: Annotated[Line, Field(max_length=120)] = ""


class SharedFeedOut(BaseModel):
    """A subscription, without its address: that is shown once, when it is made."""

    id: UUID
    kind: FeedKind
    label: str
    room: str
    component_id: UUID | None
    event_id: UUID | None
    person_id: UUID | None
    language: str
    as_days: bool
    alarm_minutes: int
    with_tentative: bool
    made_at: datetime
    fetched_at: datetime | None
    client: str


class SharedFeedMade(SharedFeedOut):
    """With the secret address, this once."""

    address: str

    @classmethod
    def of(cls, feed: SharedFeed, address: str) -> "SharedFeedMade":
        return cls.model_validate({**feed.model_dump(), "address": address})
