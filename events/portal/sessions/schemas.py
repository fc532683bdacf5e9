"""What a participant can choose."""

from uuid import UUID

from pydantic import BaseModel

from events.programme.events.models import Session


class ChoosableSession(BaseModel):
    """A session with places of its own."""

    id: UUID
    title: str
    capacity: int
    taken: int
    is_mine: bool

    @classmethod
    def of(cls, session: Session, taken: int, *, is_mine: bool) -> "ChoosableSession":
        return cls(id=session.id, title=session.title, capacity=session.capacity or 0, taken=taken, is_mine=is_mine)
