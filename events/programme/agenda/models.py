"""People of a session, and versions of the programme."""

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant
from core.ids import new_id
from events.programme.agenda.rules import SessionRole


class SessionPerson(SQLModel, table=True):
    """Somebody with a part in a session; an interpreter with a pair of languages."""

    __tablename__ = "session_person"
    __table_args__ = (UniqueConstraint("session_id", "person_id", "part"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="session.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    role: SessionRole = choice(SessionRole, sa_column_kwargs={"name": "part"})
    languages: str = Field(default="", max_length=40)


class AgendaVersion(SQLModel, table=True):
    """The programme as it was published, so that the next one can say what changed."""

    __tablename__ = "agenda_version"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    number: int
    published_at: datetime = instant()
    published_by: str = Field(max_length=120)
    content: list[Any] = document(default_factory=list)


class VenueRoom(SQLModel, table=True):
    """A room where an event takes place: how many it seats, and what stands in it. Sessions name it by its name."""

    __tablename__ = "venue_room"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    name: str = Field(max_length=120)
    capacity: int | None = None
    equipment: str = Field(default="", max_length=300)

    @property
    def revision(self) -> int:
        """Another number whenever anything of it is another: what `must_match` compares."""
        said = "\0".join([self.name, str(self.capacity or ""), self.equipment])
        return zlib.crc32(said.encode()) % 10**9
