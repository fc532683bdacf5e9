"""A task as programs get it."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from core.i18n import words
from directory.tasks.rules import Task


class WaitingTaskOut(BaseModel):
    """`kind` stays the same over versions; `sentence` and `step` are in the caller's language, `href` is a page."""

    kind: str
    sentence: str
    step: str
    href: str
    count: int
    project_id: UUID | None
    event_id: UUID | None
    event: str
    due_on: date | None

    @classmethod
    def of(cls, task: Task, language: str) -> "WaitingTaskOut":
        say = words(language)
        return cls(
            kind=task.kind,
            sentence=task.said(say),
            step=say.translate(task.step),
            href=task.href,
            count=task.count,
            project_id=task.project_id,
            event_id=task.event_id,
            event=task.title,
            due_on=task.due_on,
        )
