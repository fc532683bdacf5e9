"""What is said about nights."""

from datetime import timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Line, wrong
from events.programme.schemas import Country, Day

LONGEST = timedelta(days=31)


class StayIn(BaseModel):
    """Nights for everybody with a place, or for the registrations named."""

    model_config = ConfigDict(extra="forbid")

    check_in: Day
    check_out: Day
    country: Country
    city: Annotated[Line, Field(max_length=80)] = ""
    is_bed_provided: bool = False
    has_breakfast: bool = False
    registrations: Annotated[list[UUID] | None, Field(max_length=5000)] = None

    @model_validator(mode="after")
    def _some_nights(self) -> Self:
        if self.check_out <= self.check_in:
            raise wrong(N_("Check-out has to be after check-in."))
        if self.check_out - self.check_in > LONGEST:
            raise wrong(N_("A stay has at most %(days)s nights."), days=LONGEST.days)
        return self


class Booked(BaseModel):
    """For how many people nights were entered."""

    people: int
