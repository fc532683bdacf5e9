"""Rooming lists as programs see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line
from visits.rooming_lists.models import RoomingLine, RoomingList
from visits.rooming_lists.rules import LineState


class ListFileIn(BaseModel):
    """For whom the file is made: it stands on every page, and in the history."""

    model_config = ConfigDict(extra="forbid")

    recipient: Annotated[Line, Field(min_length=2, max_length=120)]
    ending: Literal["pdf", "xlsx"] = "pdf"
    language: Literal["en", "tr"] = "en"


class RoomingListOut(BaseModel):
    """One version of a hotel's rooming list."""

    id: UUID
    hotel_id: UUID
    version: int
    made_at: datetime

    @classmethod
    def of(cls, one: RoomingList) -> "RoomingListOut":
        return cls(**one.model_dump(include=set(cls.model_fields)))


class RoomingLineOut(BaseModel):
    """One guest: the state against the version before, since which version it is the same, and the columns."""

    registration_id: UUID
    state: LineState
    since: int
    changed: list[str]
    columns: dict[str, Any]

    @classmethod
    def of(cls, line: RoomingLine) -> "RoomingLineOut":
        return cls(
            registration_id=line.registration_id,
            state=line.state,
            since=line.since,
            changed=line.changed.split(),
            columns=line.content,
        )


class RoomingListLines(RoomingListOut):
    """A version with its lines, in the order of the list."""

    lines: list[RoomingLineOut]

    @classmethod
    def with_lines(cls, one: RoomingList, lines: Sequence[RoomingLine]) -> "RoomingListLines":
        return cls(
            lines=[RoomingLineOut.of(line) for line in lines],
            **one.model_dump(include=set(RoomingListOut.model_fields)),
        )
