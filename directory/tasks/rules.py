"""A task: one sentence, one button, one date. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.i18n import Words

# A list of tasks is read at a glance; what is left out comes up when others are done.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Task:
    """Something that its reader can do now. `kind` is its stable word for programs.

    `sentence` is the pair of messages for one and for many (NN_) that `count` fills; `step` is the message on the
    button, `href` where it leads. `title` is of the event, as staff see it; `due_on` is the day by which it should be
    done, where there is one. What somebody wrote themselves (`is_written`) is no message of ours.
    """

    kind: str
    sentence: tuple[str, str]
    count: int
    step: str
    href: str
    project_id: UUID | None = None
    event_id: UUID | None = None
    title: str = ""
    due_on: date | None = None
    is_written: bool = False

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today

    def said(self, say: Words) -> str:
        """Its sentence in a language."""
        return self.sentence[0] if self.is_written else say.count(self.sentence, self.count)


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """Those with a day first, the earliest before; then the others in the order of their sources."""
    return sorted(tasks, key=lambda one: (one.due_on is None, one.due_on or date.max))
