"""What is said about nights."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.codes import Country
from core.errors import N_
from core.text import Blank, Line, wrong
from events.programme.events.schemas import Day
from visits.stays.models import Stay

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
    is_personal: bool = False
    registrations: Annotated[list[UUID] | None, Field(max_length=5000)] = None

    @field_validator("check_out")
    @classmethod
    def _some_nights(cls, check_out: date, others: ValidationInfo) -> date:
        check_in = others.data.get("check_in")
        if check_in and check_out <= check_in:
            raise wrong(N_("Check-out has to be after check-in."))
        if check_in and check_out - check_in > LONGEST:
            raise wrong(N_("A stay has at most %(days)s nights."), days=LONGEST.days)
        return check_out


class PersonNights(BaseModel):
    """Nights of one person, each by the day on which it begins."""

    model_config = ConfigDict(extra="forbid")

    registration_id: UUID
    nights: Annotated[list[Day], Field(min_length=1, max_length=31)]


class NightsGone(BaseModel):
    """Whose nights are taken away, and which."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[list[PersonNights], Field(min_length=1, max_length=500)]


class NightsIn(NightsGone):
    """Whose nights are entered, and where: in a hotel of the visit, or in a country. `is_personal` nights are the
    person's own: no per diem is paid for them."""

    hotel_id: Annotated[UUID | None, Blank] = None
    country: Annotated[Country | None, Blank] = None
    city: Annotated[Line, Field(max_length=80)] = ""
    is_bed_provided: bool = True
    has_breakfast: bool = True
    is_personal: bool = False


class NightsDone(BaseModel):
    """Of how many people nights changed, and how many of them need a room again: theirs has no bed left on the new
    nights, or is in another hotel."""

    people: int
    without_room: int


class Booked(BaseModel):
    """For how many people nights were entered."""

    people: int


class StayOut(BaseModel):
    """Nights of one person, from check-in to check-out."""

    id: UUID
    registration_id: UUID
    check_in: date
    check_out: date
    country: str
    city: str
    hotel_id: UUID | None
    room_id: UUID | None
    is_bed_provided: bool
    has_breakfast: bool
    is_personal: bool

    @classmethod
    def of(cls, stay: Stay) -> "StayOut":
        return cls(**stay.model_dump(include=set(cls.model_fields)))
