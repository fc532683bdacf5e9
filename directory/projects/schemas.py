"""What may be said about a project."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.codes import Spoken, Zone
from core.columns import room
from core.errors import N_
from core.text import Address, AddressOrNone, Blank, DayInSight, Line, Name, Prose, Title, WholeNumber, wrong
from directory.accounts.models import Account, Membership
from directory.accounts.rules import Role
from directory.projects.models import Emblem, Project

Share = Annotated[WholeNumber, Field(ge=0, le=100)]


class ProjectIn(BaseModel):
    """The details of a project; shares in per cent of one per diem."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    title_tr: Annotated[Line, Field(max_length=room(Project, "title_tr"))] = ""
    donor: Title
    donor_tr: Annotated[Line, Field(max_length=room(Project, "donor_tr"))] = ""
    contract_number: Annotated[Line, Field(max_length=room(Project, "contract_number"))]
    funding_statement_en: Annotated[Prose, Field(max_length=500)] = ""
    funding_statement_tr: Annotated[Prose, Field(max_length=500)] = ""
    emblem: Emblem = Emblem.none
    contact: AddressOrNone = ""
    signatory: Annotated[Line, Field(max_length=120)] = ""
    signatory_function: Annotated[Line, Field(max_length=200)] = ""
    mail_from: AddressOrNone = ""
    bed_share: Share = 50
    breakfast_share: Share = 6
    lunch_share: Share = 12
    dinner_share: Share = 12
    requires_attendance: bool = False
    zone: Zone = "Europe/Istanbul"
    starts_on: Annotated[DayInSight | None, Blank] = None
    ends_on: Annotated[DayInSight | None, Blank] = None
    languages: Annotated[list[Spoken], Field(min_length=1)] = ["tr", "en"]
    keep_years: Annotated[WholeNumber, Field(ge=0, le=50)] = 7
    forget_months: Annotated[WholeNumber, Field(ge=0, le=600)] = 24

    @field_validator("ends_on")
    @classmethod
    def _in_order(cls, ends_on: date | None, others: ValidationInfo) -> date | None:
        starts_on = others.data.get("starts_on")
        if ends_on and starts_on and ends_on < starts_on:
            raise wrong(N_("The end date is before the start date."))
        return ends_on

    @field_validator("dinner_share")
    @classmethod
    def _within_a_day(cls, dinner: int, others: ValidationInfo) -> int:
        if dinner + sum(others.data.get(name, 0) for name in ("bed_share", "breakfast_share", "lunch_share")) > 100:
            raise wrong(N_("Together the shares are more than 100 percent."))
        return dinner


class NewProject(ProjectIn):
    """A project that is not there yet."""

    acronym: Annotated[Name, Field(max_length=40)]


class MemberIn(BaseModel):
    """Somebody's role in the project; an account is made where there is none."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address
    role: Role
    language: Spoken = "tr"


class ProjectOut(BaseModel):
    """A project's details."""

    id: UUID
    acronym: str
    title: str
    title_tr: str
    donor: str
    donor_tr: str
    contract_number: str
    funding_statement_en: str
    funding_statement_tr: str
    emblem: Emblem
    contact: str
    mail_from: str
    zone: str
    starts_on: date | None
    ends_on: date | None
    languages: list[str]
    keep_years: int
    forget_months: int
    revision: int


class MemberOut(BaseModel):
    """Somebody's role in the project."""

    id: UUID
    name: str
    address: str
    role: Role

    @classmethod
    def of(cls, membership: Membership, account: Account) -> "MemberOut":
        return cls(id=membership.id, name=membership.name, address=account.address, role=membership.role)


class LogoOut(BaseModel):
    """The mark of a partner; width and height in pixels."""

    id: UUID
    title: str
    media_type: str
    width: int
    height: int
