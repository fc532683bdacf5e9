"""What travellers tell, and how it is shown."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from core.codes import Country
from core.errors import N_
from core.text import Blank, Line, Name, Prose, wrong
from events.programme.events.schemas import Day
from visits.hotels.rules import SharingWish
from visits.passports.rules import PassportKind, VisaState
from visits.travel_details.models import TravelDetails
from visits.travel_details.rules import SEXES, masked

OptionalDay = Annotated[Day | None, Blank]


def _document_number(text: str) -> str:
    bare = text.replace(" ", "").upper()
    if not (bare.isascii() and bare.isalnum()):
        raise wrong(N_("A passport number has only letters and digits."))
    return bare


def _sex(text: str) -> str:
    if text not in SEXES:
        raise wrong(N_("Please write F, M or X, as the passport does."))
    return text


def _born(day: date) -> date:
    if not 1900 <= day.year <= 2100:
        raise wrong(N_("Please check the year."))
    return day


class PassportIn(BaseModel):
    """As the passport says it. The two lines at its foot, pasted as `zone`, fill the rest."""

    model_config = ConfigDict(extra="forbid")

    family_name: Name
    given_names: Name
    number: Annotated[Line, Field(min_length=3, max_length=20), AfterValidator(_document_number)]
    kind: PassportKind = PassportKind.ordinary
    issuer: Country
    nationality: Country
    birth_date: Annotated[date, AfterValidator(_born)]
    sex: Annotated[Line, AfterValidator(_sex)]
    issued: OptionalDay = None
    expires: Day

    @field_validator("expires")
    @classmethod
    def _after_issue(cls, expires: date, others: ValidationInfo) -> date:
        issued = others.data.get("issued")
        if issued and expires <= issued:
            raise wrong(N_("A passport ends after the day of its issue."))
        return expires


class ZoneIn(BaseModel):
    """The two lines of 44 letters at the foot of a passport's page."""

    model_config = ConfigDict(extra="forbid")

    zone: Annotated[Prose, Field(min_length=1, max_length=200)]


class VisaIn(BaseModel):
    """How far a visa is, as the traveller or the organiser knows it."""

    model_config = ConfigDict(extra="forbid")

    state: VisaState = VisaState.unknown
    number: Annotated[Line, Field(max_length=30)] = ""
    valid_from: OptionalDay = None
    valid_until: OptionalDay = None

    @model_validator(mode="after")
    def _in_order(self) -> "VisaIn":
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise wrong(N_("A visa ends after it begins."))
        return self


class InsuranceIn(BaseModel):
    """Travel health insurance."""

    model_config = ConfigDict(extra="forbid")

    company: Annotated[Line, Field(max_length=120)] = ""
    policy: Annotated[Line, Field(max_length=60)] = ""
    insured_until: OptionalDay = None


class WishesIn(BaseModel):
    """Where the journey begins, and what the traveller wishes for it."""

    model_config = ConfigDict(extra="forbid")

    home: Annotated[Line, Field(max_length=80)] = ""
    wishes: Annotated[Prose, Field(max_length=1000)] = ""


class RoomWishIn(BaseModel):
    """A room alone or shared, and with whom or not. Names are for the organiser alone. Rooms are shared among women or
    among men; who prefers not to say is asked."""

    model_config = ConfigDict(extra="forbid")

    sharing: SharingWish
    sex: Literal["F", "M", ""] = ""
    with_whom: Annotated[Line, Field(max_length=200)] = ""
    not_with: Annotated[Line, Field(max_length=200)] = ""
    is_smoking: bool = False


class TravelDetailsOut(BaseModel):
    """What was told; numbers are masked for everybody but the traveller."""

    registration_id: UUID
    home: str
    wishes: str
    room: dict[str, Any]
    passport: dict[str, Any]
    visa: dict[str, Any]
    insurance: dict[str, Any]

    @classmethod
    def of(cls, told: TravelDetails, *, is_whole: bool) -> "TravelDetailsOut":
        shown = {name: dict(getattr(told, name)) for name in ("passport", "visa", "insurance")}
        if not is_whole:
            hidden = (("passport", "number"), ("visa", "number"), ("insurance", "policy"))
            for part, name in hidden:
                if shown[part].get(name):
                    shown[part][name] = masked(shown[part][name])
            if shown["passport"]:
                shown["passport"]["birth_date"] = ""
        return cls(
            registration_id=told.registration_id, home=told.home, wishes=told.wishes, room=dict(told.room), **shown
        )
