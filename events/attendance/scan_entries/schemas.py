"""What people say of scans before attendance is entered from them."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.text import Line, Name, clean_address
from directory.people.geography import phone_number
from directory.people.schemas import InstitutionOrNone
from events.attendance.scans.schemas import KeptAt


class DecidedCell(BaseModel):
    """What a person says of one cell of a page."""

    model_config = ConfigDict(extra="forbid")

    page_id: UUID
    number: Annotated[int, Field(ge=0, le=10_000)]
    is_signed: bool


class WalkInRow(BaseModel):
    """A row of a page on which somebody wrote who is not in the list: "W1", "W2", …"""

    model_config = ConfigDict(extra="forbid")

    page_id: UUID
    row: Annotated[str, Field(pattern=r"^W[1-9]\d{0,3}$")]


class WalkInTyped(WalkInRow):
    """What was typed of somebody who is not in the list. `contact` is an e-mail address or a telephone number."""

    name: Name
    institution: InstitutionOrNone = ""
    contact: Annotated[Line, Field(max_length=254)] = ""

    @field_validator("contact")
    @classmethod
    def _reaches(cls, contact: str) -> str:
        if not contact:
            return ""
        return clean_address(contact) if "@" in contact else phone_number(contact, "TR")


class EntryIn(BaseModel):
    """Which pages are entered, and what people say of cells that are unsure or were read wrongly.

    Of rows for people who are not in the list, each that is not empty is either typed or left out.
    """

    model_config = ConfigDict(extra="forbid")

    pages: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    cells: Annotated[list[DecidedCell], Field(max_length=20_000)] = []
    walk_ins: Annotated[list[WalkInTyped], Field(max_length=2000)] = []
    left_out: Annotated[list[WalkInRow], Field(max_length=2000)] = []
    kept_at: KeptAt = ""


class EntryOut(BaseModel):
    """What came of it: statements recorded, half-days that changed, people added, and registrations of those who signed
    and have no place."""

    recorded: int
    changed: int
    added: int
    without_place: list[UUID]
