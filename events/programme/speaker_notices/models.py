"""What somebody was told last of a session in which they have a part."""

from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import document
from core.ids import new_id


class SpeakerNotice(SQLModel, table=True):
    """One person and one session. `round` counts the mails and is the SEQUENCE of their calendar entry. `content` is
    what the last mail says, `known_before` what they knew without it: it counts where that mail never left."""

    __tablename__ = "part_told"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(foreign_key="session.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    round: int = 0
    content: dict[str, Any] = document(default_factory=dict)
    known_before: dict[str, Any] = document(default_factory=dict, sa_column_kwargs={"server_default": "{}"})
    is_over: bool = False
