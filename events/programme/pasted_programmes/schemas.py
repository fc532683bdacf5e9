"""What is pasted, and what is shown of it before anything is written."""

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.i18n import Words
from core.text import clean_prose
from directory.people.models import Person
from events.programme.agenda.rules import SessionRole
from events.programme.events.rules import SessionKind
from events.programme.pasted_programmes.rules import MOST_LETTERS, MOST_LINES, LineRole, PastedLine

ProgrammeText = Annotated[
    str,
    Field(min_length=1, max_length=MOST_LETTERS, description="Lines like 09:30–10:15 Opening – Speaker, or cells."),
    BeforeValidator(lambda text: clean_prose(text) if isinstance(text, str) else text),
]


class ProgrammeTextIn(BaseModel):
    """A programme as it was written elsewhere."""

    model_config = ConfigDict(extra="forbid")

    text: ProgrammeText


class PastedProgrammeIn(ProgrammeTextIn):
    """The same, to be taken over: those lines of it, or else all that can be and are not in the agenda yet."""

    lines: Annotated[list[int], Field(max_length=MOST_LINES)] | None = None


class PastedPart(BaseModel):
    """Somebody of the project whom a line names."""

    person_id: UUID
    name: str
    role: SessionRole


class PastedLineOut(BaseModel):
    """A line and what it becomes; `problem` says in the caller's language why a session cannot be taken over
    or the line is left out."""

    number: int
    text: str
    role: LineRole
    day: date | None
    starts: time | None
    ends: time | None
    title: str
    kind: SessionKind
    room: str
    people: list[PastedPart]
    problem: str
    is_there: bool

    @classmethod
    def of(
        cls, line: PastedLine, title: str, people: Iterable[tuple[SessionRole, Person]], say: Words, *, is_there: bool
    ) -> "PastedLineOut":
        return cls(
            number=line.number,
            text=line.text,
            role=line.role,
            day=line.day,
            starts=line.starts,
            ends=line.ends,
            title=title,
            kind=line.kind,
            room=line.room,
            people=[PastedPart(person_id=p.id, name=p.name, role=role) for role, p in people],
            problem=say.translate(line.problem) if line.problem else "",
            is_there=is_there,
        )


class UndoneOut(BaseModel):
    """How many sessions left the agenda again."""

    removed: int
