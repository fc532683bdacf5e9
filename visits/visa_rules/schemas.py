"""Lines of the table as they go in and out."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Country
from core.paging import sort_by
from core.text import Blank, Line, WholeNumber
from events.programme.events.schemas import Day
from visits.passports.rules import PassportKind

VisaRuleSort = Annotated[str, sort_by("country", "nationality", "passport", "visa", "stated")]


class VisaRuleIn(BaseModel):
    """One line: whose passport, for where, and who says so since when."""

    model_config = ConfigDict(extra="forbid")

    nationality: Country = "TR"
    kind: PassportKind = PassportKind.ordinary
    country: Country
    is_needed: bool = False
    free_days: Annotated[Annotated[WholeNumber, Field(ge=1, le=365)] | None, Blank] = None
    source: Annotated[Line, Field(min_length=1, max_length=200)]
    stated_on: Day


class VisaRuleOut(VisaRuleIn):
    """A line with its id."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
