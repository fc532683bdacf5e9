"""What the organiser writes for a booklet, and the booklets that were made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id


class BookletText(SQLModel, table=True):
    """The organiser's texts in one language; what is empty is taken from the other one."""

    __tablename__ = "booklet_text"
    __table_args__ = (UniqueConstraint("event_id", "language"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    language: str = Field(max_length=2)
    emergency: str = secret(default="")
    contacts: str = secret(default="")
    addresses: str = secret(default="")
    rules: str = secret(default="")
    changed_at: datetime = instant()


class Booklet(SQLModel, table=True):
    """One person's booklet as it was made last; the file can be read by this installation alone."""

    __tablename__ = "booklet"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    language: str = Field(max_length=2)
    file_hash: str = Field(max_length=64)
    made_at: datetime = instant()
