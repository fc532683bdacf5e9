"""What programs learn about a project's news, and say about digests."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.invitations.invitations.rules import InvitationStatus


class EventNewsOut(BaseModel):
    """What is new of one event. `coming` is told of events of the next seven days, `journeys` is how many travellers
    entered or changed something of theirs."""

    event_id: UUID
    title: str
    first_day: date
    answers: dict[InvitationStatus, int]
    failed: int
    nominees: int
    reapplied: int
    journeys: int
    unanswered: int
    answer_by: date | None
    coming: int | None


class NewsOut(BaseModel):
    """What is new of a project in a span of time."""

    since: datetime
    until: datetime
    events: list[EventNewsOut]
    unread: int


class WishIn(BaseModel):
    """Whether you want the digest."""

    model_config = ConfigDict(extra="forbid")

    wanted: bool


class WishOut(BaseModel):
    """Whether you get the digest."""

    wanted: bool
