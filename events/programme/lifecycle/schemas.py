"""What is said about the steps of an event."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.i18n import Words
from core.text import Blank, Line, Prose, Title
from events.programme.events.rules import EventState
from events.programme.events.schemas import Day
from events.programme.lifecycle.rules import MOST_COPIES


class StepIn(BaseModel):
    """What the event becomes next."""

    model_config = ConfigDict(extra="forbid")

    state: EventState


class CopyIn(BaseModel):
    """One copy: where it begins, and what differs. Everything else moves along with the first day."""

    model_config = ConfigDict(extra="forbid")

    first_day: Day
    title: Annotated[Title | None, Blank] = None
    venue: Annotated[Line | None, Blank] = None


class SeriesIn(BaseModel):
    """Copies that belong together, like twelve regional workshops in twelve cities."""

    model_config = ConfigDict(extra="forbid")

    copies: Annotated[list[CopyIn], Field(min_length=1, max_length=MOST_COPIES)]


class ReasonTold(BaseModel):
    """Why, for the history, and what participants are told of it in the mails that wait, by their language."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]
    told_en: Annotated[Prose, Field(max_length=2000)] = ""
    told_tr: Annotated[Prose, Field(max_length=2000)] = ""


class PostponementIn(ReasonTold):
    """A new first day, or none while it is not known. With `asks_again` everybody who was invited is asked whether the
    new day suits: their places are free until they answer, what they told stays."""

    first_day: Annotated[Day | None, Blank] = None
    asks_again: bool = False


class Concern(BaseModel):
    """Something a postponement touches, and how many of it."""

    what: str
    count: int


class CheckList(BaseModel):
    """What a postponement touches; nothing has happened yet."""

    event_id: UUID
    first_day: date | None
    concerns: list[Concern]

    @classmethod
    def of(cls, event_id: UUID, concerns: Iterable[Concern], say: Words) -> "CheckList":
        """With the concerns in the caller's language."""
        said = [Concern(what=say.translate(one.what), count=one.count) for one in concerns]
        return cls(event_id=event_id, first_day=None, concerns=said)
