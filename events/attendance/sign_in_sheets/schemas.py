"""What is entered from the signed sheet."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from events.attendance.sign_in_sheets.models import Half
from events.programme.events.schemas import Day

Order = Literal["name", "institution"]


class Signatures(BaseModel):
    """One person's signatures of one day."""

    model_config = ConfigDict(extra="forbid")

    registration_id: UUID
    halves: Annotated[list[Half], Field(max_length=2)]


class AttendanceIn(BaseModel):
    """Signatures of one day; people not named stay as they are."""

    model_config = ConfigDict(extra="forbid")

    day: Day
    entries: Annotated[list[Signatures], Field(max_length=5000)]


class Entered(BaseModel):
    """How many half-days changed."""

    changed: int


class ConfirmedOut(BaseModel):
    """Somebody with a place, as the desk needs to know."""

    registration_id: UUID
    name: str
    institution: str
