"""Logs of online platforms as they were uploaded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret_document
from core.ids import new_id
from events.attendance.platform_logs.rules import LogState


class PlatformLog(SQLModel, table=True):
    """One log. `content` is what was read of it: names, mailboxes and spans; `file_digest` is the SHA-256 of the file,
    which whoever uploaded it keeps. Whoever was connected for `least_minutes` of a half-day was there."""

    __tablename__ = "platform_log"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    file_name: str = Field(max_length=255)
    file_digest: str = Field(max_length=64)
    content: list[dict[str, Any]] = secret_document(default_factory=list)
    least_minutes: int
    state: LogState = choice(LogState, default=LogState.previewed)
    uploaded_at: datetime = instant()
    applied_at: datetime | None = instant(default=None, nullable=True)
