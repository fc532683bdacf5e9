"""An overlap as programs see it."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from finance.overlaps.rules import JourneyOverlap


class JourneyOverlapOut(BaseModel):
    """Somebody's other event on these days; without its id and title it is another project's."""

    registration_id: UUID
    name: str
    first_day: date
    last_day: date
    event_id: UUID | None
    title: str

    @classmethod
    def of(cls, one: JourneyOverlap) -> "JourneyOverlapOut":
        return cls(**asdict(one))
