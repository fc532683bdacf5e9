"""Desk links and the devices they let in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.attendance.desk_links.rules import DeskRole


class DeskLink(SQLModel, table=True):
    """A link that opens the check-in of one event, in one role, on so many devices. Only its hash is kept; when it
    ends follows from the event's last day."""

    __tablename__ = "desk_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    role: DeskRole = choice(DeskRole)
    label: str = Field(max_length=60)
    most_devices: int
    token_hash: str = Field(max_length=64, unique=True)
    made_by: UUID = Field(foreign_key="account.id")
    made_at: datetime = instant()
    withdrawn_at: datetime | None = instant(default=None, nullable=True)


class DeskDevice(SQLModel, table=True):
    """A browser or program that opened a link. `label` is what its scans are shown with, such as “Main entrance”."""

    __tablename__ = "desk_device"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    link_id: UUID = Field(foreign_key="desk_link.id", index=True)
    label: str = Field(max_length=60)
    token_hash: str = Field(max_length=64, unique=True)
    opened_at: datetime = instant()
