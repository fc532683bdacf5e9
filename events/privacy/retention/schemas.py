"""What is kept how long, and why something is on hold."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Prose
from events.privacy.retention.rules import Status


class HoldIn(BaseModel):
    """Why something must not be forgotten yet."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class RetentionOut(BaseModel):
    """One event of a project, or with its own id and no title the project's evidence."""

    about_id: UUID
    title: str
    ended_on: date | None
    due_on: date | None
    status: Status
    reason: str
