"""Per diems as programs see them. Amounts are decimal strings."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Prose
from finance.sheets.rules import SheetState


class NightOut(BaseModel):
    """One night with the sentence that explains it."""

    night: date
    country: str
    city: str
    rate: str
    counts: bool
    deductions: dict[str, str]
    amount: str
    why: str


class ClaimOut(BaseModel):
    """One person's per diem."""

    registration_id: UUID
    name: str
    institution: str
    nights: int
    gross: str
    bed: str
    meals: str
    net: str
    lines: list[NightOut]


class SheetOut(BaseModel):
    """The sheet of one currency; `state` is empty while it is still a draft."""

    currency: str
    state: SheetState | None
    version: int
    total: str
    people: list[ClaimOut]


class ReturnIn(BaseModel):
    """Why a sheet goes back."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]
