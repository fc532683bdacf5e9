"""Tasks of visits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret, secret_document
from core.i18n import Words
from core.ids import new_id
from visits.tasks.rules import REMIND_BEFORE, TaskState, TaskWording, VisitPhase, usual_titles


class VisitTask(SQLModel, table=True):
    """One task. `key` is of the usual one it was made from, `owner_id` the account it belongs to, if to anybody.
    `title` is what somebody wrote, or what ours said in one language; `wording` keeps ours as a `TaskWording`, until
    somebody writes another title. `reminded_for` is the day for which its owner was reminded: a task that moves
    reminds once more."""

    __tablename__ = "visit_task"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    key: str = Field(default="", max_length=20)
    phase: VisitPhase = choice(VisitPhase)
    title: str = secret()
    wording: dict[str, Any] = secret_document(default_factory=dict)
    note: str = secret(default="")
    due_on: date
    owner_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    state: TaskState = choice(TaskState, default=TaskState.open)
    remind_before: int = REMIND_BEFORE
    reminded_for: date | None = None
    settled_at: datetime | None = instant(default=None, nullable=True)
    created_at: datetime = instant()

    def title_in(self, say: Words, *, is_naming: bool = True) -> str:
        """What is to be done, in the reader's language where the words are ours; these can do without saying whom it
        is about."""
        if self.wording:
            ours = TaskWording(**self.wording)
            return ours.said(say) if is_naming else ours.line(say)
        usual = usual_titles().get(self.title)
        return say.translate(usual) if usual else self.title
