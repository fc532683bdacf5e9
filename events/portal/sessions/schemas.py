"""What a participant can choose."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from events.programme.events.models import Session


class ChoosableSession(BaseModel):
    """A session with places of its own; `position` is yours on its waiting list, counted from 1."""

    id: UUID
    title: str
    capacity: int
    taken: int
    is_mine: bool
    waiting: int
    position: int | None

    @classmethod
    def of(
        cls, session: Session, taken: int, own: UUID | None, waiting: Sequence[UUID], *, is_mine: bool
    ) -> "ChoosableSession":
        return cls(
            id=session.id,
            title=session.title,
            capacity=session.capacity or 0,
            taken=taken,
            is_mine=is_mine,
            waiting=len(waiting),
            position=waiting.index(own) + 1 if own in waiting else None,
        )
