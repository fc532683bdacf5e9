"""Tasks of visits."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from visits.tasks.rules import REMIND_BEFORE, TaskState, VisitPhase


class VisitTask(SQLModel, table=True):
    """One task. `key` is of the usual one it was made from, `owner_id` the account it belongs to, if to anybody.
    `reminded_for` is the day for which its owner was reminded: a task that moves reminds once more."""

    __tablename__ = "visit_task"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    key: str = Field(default="", max_length=20)
    phase: VisitPhase = choice(VisitPhase)
    title: str = secret()
    note: str = secret(default="")
    due_on: date
    owner_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    state: TaskState = choice(TaskState, default=TaskState.open)
    remind_before: int = REMIND_BEFORE
    reminded_for: date | None = None
    settled_at: datetime | None = instant(default=None, nullable=True)
    created_at: datetime = instant()
