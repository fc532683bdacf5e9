"""Tasks as they go in and out."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.i18n import Words
from core.paging import sort_by
from core.text import Blank, Line, Prose
from events.programme.events.schemas import Day
from visits.tasks.models import VisitTask
from visits.tasks.rules import REMIND_BEFORE, TaskState, VisitPhase

TaskSort = Annotated[str, sort_by("task", "until", "who", "state")]


class TaskIn(BaseModel):
    """A task; `owner_id` is a member of the project who may plan, `remind_before` days."""

    model_config = ConfigDict(extra="forbid")

    phase: VisitPhase = VisitPhase.preparation
    title: Annotated[Line, Field(min_length=1, max_length=200)]
    note: Annotated[Prose, Field(max_length=1000)] = ""
    due_on: Day
    owner_id: Annotated[UUID | None, Blank] = None
    remind_before: Annotated[int, Field(ge=0, le=60)] = REMIND_BEFORE

    @classmethod
    def fields_of(cls, task: VisitTask, say: Words) -> dict[str, Any]:
        """A task as its form shows it."""
        own = {"title": task.title_in(say), "owner_id": str(task.owner_id or "")}
        return task.model_dump(mode="json", include=set(cls.model_fields)) | own


class TaskStateIn(BaseModel):
    """What became of a task."""

    model_config = ConfigDict(extra="forbid")

    state: TaskState


class TaskOut(BaseModel):
    """A task with its state; `is_late` where its day is over and it is open. What nobody has written anew is in the
    caller's language."""

    id: UUID
    phase: VisitPhase
    title: str
    note: str
    due_on: date
    owner_id: UUID | None
    state: TaskState
    remind_before: int
    settled_at: datetime | None
    is_late: bool

    @classmethod
    def of(cls, task: VisitTask, say: Words, *, today: date) -> "TaskOut":
        is_late = task.state is TaskState.open and task.due_on < today
        kept = task.model_dump(include=set(cls.model_fields) - {"title"})
        return cls(is_late=is_late, title=task.title_in(say), **kept)
