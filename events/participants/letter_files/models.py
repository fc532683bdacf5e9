"""Files of letters that were made; they are deleted after some days."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.participants.letter_files.rules import LetterFileKind


class LetterFile(SQLModel, table=True):
    """The latest file of one kind of an event: sealed, `letters` letters in one PDF or a zip (`ending`)."""

    __tablename__ = "letter_file"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    kind: LetterFileKind = choice(LetterFileKind)
    ending: str = Field(max_length=3)
    letters: int = 0
    size: int = 0
    file_hash: str = Field(default="", max_length=64)
    made_at: datetime = instant()
