"""What is told of somebody's other event. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class JourneyOverlap:
    """Somebody's other event. `title` and `event_id` are empty where the caller has no part in its project: then all
    that is said is that there is one, on these days of this event."""

    registration_id: UUID
    name: str
    first_day: date
    last_day: date
    event_id: UUID | None = None
    title: str = ""
