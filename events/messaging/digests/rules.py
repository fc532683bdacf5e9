"""When a digest goes and what it counts. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from events.invitations.invitations.rules import InvitationStatus

GOES_AT = time(17, 0)
# A digest that could not go by then is not made up for: tomorrow's is near.
LATEST = timedelta(hours=6)
MOST_TASKS = 10
AHEAD = timedelta(days=7)
DEADLINE_NEAR = timedelta(days=3)


@dataclass
class EventNews:
    """What is new of one event. Numbers only: a digest names nobody."""

    event_id: UUID
    title: str
    first_day: date
    answers: dict[InvitationStatus, int] = field(default_factory=dict)
    failed: int = 0
    nominees: int = 0
    reapplied: int = 0
    journeys: int = 0
    unanswered: int = 0
    answer_by: date | None = None
    coming: int | None = None


@dataclass
class News:
    """What is new of one project. `unread` is how many mails came in and wait for somebody."""

    since: datetime
    until: datetime
    events: list[EventNews] = field(default_factory=list)
    unread: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened. An event that comes nearer is no news by itself."""
        return not self.unread and not any(
            e.answers or e.failed or e.nominees or e.reapplied or e.journeys for e in self.events
        )


def due_for(zone: str, *, at: datetime) -> date | None:
    """The day whose digest is due at that moment, on the wall clock of the project; none before five or near
    midnight."""
    here = at.astimezone(ZoneInfo(zone))
    goes = datetime.combine(here.date(), GOES_AT, ZoneInfo(zone))
    return here.date() if goes <= here < goes + LATEST else None


def span_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """From the digest of the day before to that of the day, as instants."""
    ends = datetime.combine(day, GOES_AT, ZoneInfo(zone))
    begins = datetime.combine(day - timedelta(days=1), GOES_AT, ZoneInfo(zone))
    return begins.astimezone(ZoneInfo("UTC")), ends.astimezone(ZoneInfo("UTC"))
