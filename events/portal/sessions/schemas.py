"""What a participant can choose."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from events.programme.events.models import Session


class ChoosableSession(BaseModel):
    """A session with places of its own; `position` is yours on its waiting list, counted from 1, `offered_until` how
    long one is kept for you: choosing it takes it, giving back leaves it to the next."""

    id: UUID
    title: str
    capacity: int
    taken: int
    is_mine: bool
    waiting: int
    position: int | None
    offered_until: datetime | None = None

    @classmethod
    def of(
        cls,
        session: Session,
        taken: int,
        own: UUID | None,
        waiting: Sequence[UUID],
        *,
        is_mine: bool,
        offered_until: datetime | None,
    ) -> "ChoosableSession":
        return cls(
            id=session.id,
            title=session.title,
            capacity=session.capacity or 0,
            taken=taken,
            is_mine=is_mine,
            waiting=len(waiting),
            position=waiting.index(own) + 1 if own in waiting else None,
            offered_until=offered_until,
        )
