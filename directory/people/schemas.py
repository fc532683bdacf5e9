"""What is said about people and institutions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.codes import Country, Language, Spoken
from core.columns import folded, room
from core.errors import N_
from core.text import Address, Blank, Line, Name, Prose, Title, WholeNumber, wrong
from directory.people.geography import phone_number, subdivision_code
from directory.people.models import Institution, InstitutionKind, Person, Sex

PersonSort = Literal["name", "-name", "surname", "-surname", "institution", "-institution", "province", "-province"]
InstitutionSort = Literal["name", "-name", "kind", "-kind", "above", "-above", "people", "-people"]


def _fits_folded(name: str) -> str:
    """An institution is found by its name folded, which may be longer: one letter may become three."""
    if len(folded(name)) > room(Institution, "search"):
        raise wrong(N_("This is longer than the %(max_length)s letters that fit."), max_length=len(name) // 2)
    return name


# What a person is, wherever it is typed: as long as its column, which is the only place where that is said.
Position = Annotated[Line, Field(max_length=room(Person, "title"))]
InstitutionName = Annotated[Title, AfterValidator(_fits_folded)]
InstitutionOrNone = Annotated[Line, Field(max_length=room(Institution, "name")), AfterValidator(_fits_folded)]


class Placed(BaseModel):
    """Something in a country and, maybe, a province of it."""

    model_config = ConfigDict(extra="forbid")

    country: Country = "TR"
    province: Annotated[Line, Field(max_length=80)] = ""

    @field_validator("province")
    @classmethod
    def _in_country(cls, province: str, others: ValidationInfo) -> str:
        return subdivision_code(province, others.data.get("country", "TR"))


ProtocolRank = Annotated[
    Annotated[WholeNumber, Field(ge=1, le=999)] | None,
    Blank,
    Field(description="Where the person stands in the order of protocol, 1 first; null: after those who have one."),
]


class PersonIn(Placed):
    """All that is known of a person. Addresses beside the primary one, and telephone numbers, in lists."""

    name: Name
    title: Position = ""
    title_en: Position = ""
    passport_name: Annotated[Line, Field(max_length=120)] = ""
    institution: InstitutionOrNone = ""
    sex: Sex = Sex.unsaid
    protocol_rank: ProtocolRank = None
    language: Spoken = "tr"
    languages: Annotated[list[Language], Field(max_length=20)] = []
    address: Annotated[Address | None, Blank] = None
    other_addresses: Annotated[list[Address], Field(max_length=10)] = []
    phones: Annotated[list[Line], Field(max_length=10)] = []
    diet: Annotated[Line, Field(max_length=200)] = ""
    accessibility: Annotated[Prose, Field(max_length=1000)] = ""
    notes: Annotated[Prose, Field(max_length=2000)] = ""

    @field_validator("phones")
    @classmethod
    def _numbers(cls, phones: list[str], others: ValidationInfo) -> list[str]:
        return [phone_number(phone, others.data.get("country", "TR")) for phone in phones]


class NewPerson(PersonIn):
    """Somebody whom a project does not know yet."""

    project_id: UUID


class PersonOut(BaseModel):
    """A person without what is encrypted: programs get that from the person's own registration."""

    id: UUID
    project_id: UUID
    name: str
    title: str
    title_en: str
    institution: str
    province: str
    sex: Sex
    protocol_rank: int | None
    language: str
    languages: list[str]
    address: str | None
    revision: int

    @classmethod
    def of(cls, person: Person, institution: Institution | None) -> "PersonOut":
        shown = {name: getattr(person, name) for name in cls.model_fields if name != "institution"}
        return cls(**shown, institution=institution.name if institution else "")


class InstitutionIn(Placed):
    """A body that sends people, and where it stands in the tree."""

    name: InstitutionName
    name_en: Annotated[Line, Field(max_length=200)] = ""
    kind: InstitutionKind = InstitutionKind.other
    parent_id: Annotated[UUID | None, Blank] = None
    address: Annotated[Line, Field(max_length=300)] = ""
    letterhead_en: Annotated[Line, Field(max_length=300)] = ""
    letterhead_tr: Annotated[Line, Field(max_length=300)] = ""


class NewInstitution(InstitutionIn):
    """An institution that a project does not know yet."""

    project_id: UUID


class FocalPointsIn(BaseModel):
    """Who names people for an institution."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[list[UUID], Field(max_length=20)]


class FocalPointIn(BaseModel):
    """Who names people for an institution, known by the address or new. Without an address nobody can write to them."""

    model_config = ConfigDict(extra="forbid")

    focal_name: Annotated[Line, Field(max_length=120)] = ""
    focal_address: Address


class InstitutionOut(BaseModel):
    """An institution as it stands."""

    id: UUID
    project_id: UUID
    name: str
    name_en: str
    kind: InstitutionKind
    parent_id: UUID | None
    country: str
    province: str
    address: str
    letterhead_en: str
    letterhead_tr: str
    revision: int


class PairIn(BaseModel):
    """Two people; the first is kept."""

    model_config = ConfigDict(extra="forbid")

    kept_id: UUID
    merged_id: UUID

    @classmethod
    def of(cls, kept: Person, merged: Person) -> "PairIn":
        return cls(kept_id=kept.id, merged_id=merged.id)


class MergeOut(BaseModel):
    """A merge that can be undone."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
