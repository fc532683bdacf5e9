"""Materials; the file lies in the files, by its hash."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.materials.rules import Audience


class Material(SQLModel, table=True):
    """Something to read or to show, for an event or for one session of it."""

    __tablename__ = "material"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    title: str = Field(max_length=200)
    title_en: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    title_tr: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    language: str = Field(max_length=3)
    licence: str = Field(default="", max_length=200)
    audience: Audience = choice(Audience, default=Audience.everybody)
    file_name: str = Field(max_length=120)
    file_hash: str = Field(max_length=64)
    media_type: str = Field(max_length=120)
    size: int
    downloads: int = 0
    added_at: datetime = instant()

    def title_in(self, language: str) -> str:
        """The title in that language, or the one it was added with."""
        return {"en": self.title_en, "tr": self.title_tr}.get(language) or self.title
