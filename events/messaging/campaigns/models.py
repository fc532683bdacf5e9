"""Campaigns: what was written to whom."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document, instant
from core.i18n import either
from core.ids import new_id

# What the kinds of its messages begin with.
KIND = "events/campaign"


class Campaign(SQLModel, table=True):
    """One text in two languages, for everybody who passes a filter of the roster when it is written. How far
    it is, its mails say (`service.progress_of`)."""

    __tablename__ = "campaign"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    subject_en: str = Field(default="", max_length=200)
    subject_tr: str = Field(default="", max_length=200)
    text_en: str = ""
    text_tr: str = ""
    wanted: dict[str, str] = document(default_factory=dict)
    materials: list[str] = document(default_factory=list)
    attachments: list[str] = document(default_factory=list, sa_column_kwargs={"name": "papers"})
    made_at: datetime = instant()
    written_at: datetime | None = instant(default=None, nullable=True)

    @property
    def kind(self) -> str:
        """Of its messages in the outbox."""
        return f"{KIND}:{self.id.hex}"

    def subject_in(self, language: str) -> str:
        return either(language, en=self.subject_en, tr=self.subject_tr)

    def text_in(self, language: str) -> str:
        return either(language, en=self.text_en, tr=self.text_tr)
