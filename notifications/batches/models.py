"""Batches of mails, and whom each was not written to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import document, instant, secret, secret_document
from core.ids import new_id


class MessageBatch(SQLModel, table=True):
    """Mails of one kind about one thing, which wait until somebody sends them.

    While it `is_open`, what is written of its kind joins it; there is one such at a time. `reasons` are sentences of
    ours, `added_en` and `added_tr` what the organiser adds to each mail, `former_words` what they were
    until when for those that had left. `about_version` is how often
    the thing had moved when they were written, where that decides whether they are still right.
    """

    __tablename__ = "message_batch"
    __table_args__ = (
        Index(
            "ix_message_batch_open",
            "about_id",
            "kind",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(index=True)
    about_id: UUID
    kind: str = Field(max_length=64)
    is_open: bool = True
    written_at: datetime = instant()
    written_by: str = Field(default="", max_length=120)
    reasons: list[str] = document(default_factory=list)
    added_en: str = secret(default="")
    added_tr: str = secret(default="")
    former_words: list[dict[str, str]] | None = secret_document(default=None, nullable=True)
    about_version: int | None = None
    sent_at: datetime | None = instant(default=None, nullable=True)
    sent_by: str = Field(default="", max_length=120)


class BatchOmission(SQLModel, table=True):
    """Somebody whom a batch does not reach, and why."""

    __tablename__ = "batch_omission"
    __table_args__ = (UniqueConstraint("batch_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    batch_id: UUID = Field(foreign_key="message_batch.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    reason: str = Field(max_length=32)
