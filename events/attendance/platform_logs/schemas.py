"""Logs of online platforms as they go in and out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import WholeNumber
from events.attendance.platform_logs.models import PlatformLog
from events.attendance.platform_logs.rules import LineMatch, LoggedAttendee, LogState
from events.attendance.records.rules import Half, HalfDay

LeastMinutes = Annotated[WholeNumber, Field(ge=1, le=600)]


class LogSettings(BaseModel):
    """How a log is read."""

    model_config = ConfigDict(extra="forbid")

    least_minutes: LeastMinutes = 30


class LogChoice(BaseModel):
    """Whom a line means; nobody where no registration is named."""

    model_config = ConfigDict(extra="forbid")

    line: Annotated[WholeNumber, Field(ge=0, le=5000)]
    registration_id: UUID | None = None


class LogChoices(BaseModel):
    """What somebody decided of the preview. Other lines are recorded if the e-mail or the whole name fits."""

    model_config = ConfigDict(extra="forbid")

    choices: Annotated[list[LogChoice], Field(max_length=5000)] = []


class ConnectedHalf(BaseModel):
    """Minutes in a half-day, and whether they are enough."""

    day: date
    half: Half
    minutes: int
    is_enough: bool


class LogLine(BaseModel):
    """One person of the log, and whom it means."""

    line: int
    name: str
    address: str
    match: LineMatch
    registration_id: UUID | None
    halves: list[ConnectedHalf]

    @classmethod
    def of(
        cls,
        line: int,
        attendee: LoggedAttendee,
        found: tuple[LineMatch, UUID | None],
        minutes: Mapping[HalfDay, int],
        least: int,
    ) -> "LogLine":
        halves = [
            ConnectedHalf(day=day, half=half, minutes=count, is_enough=count >= least)
            for (day, half), count in minutes.items()
        ]
        return cls(
            line=line,
            name=attendee.name,
            address=attendee.address,
            match=found[0],
            registration_id=found[1],
            halves=halves,
        )

    @property
    def is_sure(self) -> bool:
        return self.match in (LineMatch.address, LineMatch.name)


class PlatformLogOut(BaseModel):
    """A log with what recording it will do: nothing is recorded before somebody says so."""

    id: UUID
    file_name: str
    file_digest: str
    state: LogState
    least_minutes: int
    uploaded_at: datetime
    lines: list[LogLine]

    @classmethod
    def of(cls, stored: PlatformLog, lines: list[LogLine]) -> "PlatformLogOut":
        return cls(lines=lines, **stored.model_dump(exclude={"content", "event_id", "applied_at"}))


class Recorded(BaseModel):
    """How many half-days count as attended that did not before."""

    changed: int


def kept(attendee: LoggedAttendee) -> dict[str, Any]:
    """Somebody of a log as a row keeps them."""
    spans = [[begins.isoformat(), ends.isoformat()] for begins, ends in attendee.spans]
    return {"name": attendee.name, "address": attendee.address, "spans": spans}


def attendee_of(row: Mapping[str, Any]) -> LoggedAttendee:
    spans = tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row["spans"])
    return LoggedAttendee(row["name"], row["address"], spans)
