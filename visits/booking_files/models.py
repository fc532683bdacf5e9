"""Files that may hold bookings, and what was read in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant, secret, secret_document
from core.ids import new_id


class BookingFile(SQLModel, table=True):
    """One file as it was uploaded, by an organiser or by the traveller of that registration.

    With a `leg_id` it is a ticket or boarding pass that was attached to the leg of its traveller.
    The file lies encrypted under `file_hash`; `digest` is the SHA-256 of what came. `reading` is what it says
    (`MessageReading.to_json`), encrypted, empty until it was read.
    """

    __tablename__ = "booking_file"
    __table_args__ = (UniqueConstraint("event_id", "digest"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id", index=True)
    leg_id: UUID | None = Field(default=None, foreign_key="leg.id", index=True)
    file_name: str = secret()
    size: int
    file_hash: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    reading: dict[str, Any] = secret_document(default_factory=dict)
    uploaded_at: datetime = instant()
    read_at: datetime | None = instant(default=None, nullable=True)
