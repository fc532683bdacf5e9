"""Own codes as they are typed and shown."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from events.attendance.records.rules import Half, HalfDay


class OwnCodeIn(BaseModel):
    """What somebody typed from the shared screen."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=20)]


class OwnCodeOut(BaseModel):
    """The code of the present half-day, and when it changes."""

    code: str
    day: date
    half: Half
    ends_at: datetime

    @classmethod
    def of(cls, code: str, half_day: HalfDay, ends_at: datetime) -> "OwnCodeOut":
        return cls(code=code, day=half_day[0], half=half_day[1], ends_at=ends_at)


class OwnAttendance(BaseModel):
    """The half-day for which somebody counts as present."""

    day: date
    half: Half
