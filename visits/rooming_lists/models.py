"""Rooming lists as they were frozen: a later download gives the same list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret_document
from core.ids import new_id
from visits.rooming_lists.rules import GuestLine, LineState, MarkedLine


class RoomingList(SQLModel, table=True):
    """One version of what a hotel is sent. `content` is the head and the foot: the hotel, its blocks, rooms by night
    and type. It is deleted some weeks after the visit, like all that was told for the journey."""

    __tablename__ = "rooming_list"
    __table_args__ = (UniqueConstraint("hotel_id", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    hotel_id: UUID = Field(foreign_key="hotel.id")
    version: int
    account_id: UUID
    content: dict[str, Any] = secret_document(default_factory=dict)
    made_at: datetime = instant()


class RoomingLine(SQLModel, table=True):
    """One guest of one version: everything that the hotel reads of them, empty once they were erased."""

    __tablename__ = "rooming_line"
    __table_args__ = (UniqueConstraint("list_id", "position"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    list_id: UUID = Field(foreign_key="rooming_list.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    stay_id: UUID
    position: int
    state: LineState = choice(LineState)
    since: int
    changed: str = Field(default="", max_length=300)
    content: dict[str, Any] = secret_document(default_factory=dict)

    @property
    def marked(self) -> MarkedLine:
        line = GuestLine(str(self.stay_id), str(self.registration_id), self.content)
        return MarkedLine(line, self.state, self.since, tuple(self.changed.split()))
