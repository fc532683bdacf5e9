"""Background jobs: the table is the truth, a queue only says that there is something to do."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret_document
from core.ids import new_id

# As words, not as parameters: only so do both databases see that the index of what is due holds all of it.
OPEN = text("stage IN ('waiting', 'running')")


class Stage(StrEnum):
    """How far a job is."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"


class Job(SQLModel, table=True):
    """Long work with its progress. May run twice: what it does must bear that. `payload` is emptied when it is over."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_due",
            "due_at",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=64)
    project_id: UUID = Field(index=True)
    about_id: UUID
    payload: dict[str, Any] = secret_document(default_factory=dict)
    stage: Stage = choice(Stage, default=Stage.waiting)
    due_at: datetime = instant()
    leased_until: datetime | None = instant(default=None, nullable=True)
    attempts: int = 0
    done: int = 0
    total: int = 0
