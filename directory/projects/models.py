"""Projects: grants with their contract, donor and funding statement."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, document
from core.ids import new_id


class Emblem(StrEnum):
    """The mark that the donor asks to see on every document."""

    eu = "eu"
    none = "none"


class Project(SQLModel, table=True):
    """A grant. Shares say what part of a per diem a provided bed or meal takes off, in per cent.

    `signatory` signs its certificates. Evidence is kept for `keep_years` after the project's end, what people told
    about themselves for `forget_months` after an event. Its mails come from `mail_from`, or from the installation's
    address, `texts` are its own words for some of them.
    """

    __tablename__ = "project"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    acronym: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=200)
    title_tr: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    donor: str = Field(max_length=200)
    donor_tr: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    contract_number: str = Field(max_length=80)
    funding_statement_en: str = Field(default="", max_length=500)
    funding_statement_tr: str = Field(default="", max_length=500)
    emblem: Emblem = choice(Emblem, default=Emblem.none)
    zone: str = Field(default="Europe/Istanbul", max_length=64)
    contact: str = Field(default="", max_length=254)
    signatory: str = Field(default="", max_length=120, sa_column_kwargs={"server_default": ""})
    signatory_function: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    mail_from: str = Field(default="", max_length=254)
    bed_share: int = Field(default=50, ge=0, le=100)
    breakfast_share: int = Field(default=6, ge=0, le=100)
    lunch_share: int = Field(default=12, ge=0, le=100)
    dinner_share: int = Field(default=12, ge=0, le=100)
    requires_attendance: bool = True
    starts_on: date | None = None
    ends_on: date | None = None
    languages: list[str] = document(default_factory=lambda: ["tr", "en"])
    keep_years: int = Field(default=7, ge=0, le=50)
    forget_months: int = Field(default=24, ge=0, le=600)
    revision: int = 0
    texts: dict[str, dict[str, str]] = document(default_factory=dict)

    def title_in(self, language: str) -> str:
        """The title in that language, or as the contract has it."""
        return (self.title_tr if language == "tr" else "") or self.title

    def donor_in(self, language: str) -> str:
        """The donor's name in that language, or as the contract has it."""
        return (self.donor_tr if language == "tr" else "") or self.donor

    def funding_statement(self, language: str) -> str:
        """In the reader's language, or in the one that there is."""
        wanted, other = self.funding_statement_en, self.funding_statement_tr
        if language == "tr":
            wanted, other = other, wanted
        return wanted or other

    @property
    def shares(self) -> dict[str, Decimal]:
        """Parts of one per diem, as fractions."""
        return {
            "bed": Decimal(self.bed_share) / 100,
            "breakfast": Decimal(self.breakfast_share) / 100,
            "lunch": Decimal(self.lunch_share) / 100,
            "dinner": Decimal(self.dinner_share) / 100,
        }


class Logo(SQLModel, table=True):
    """A partner's mark on the details, beside the donor's emblem. The picture lies in the files, by its hash."""

    __tablename__ = "logo"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    title: str = Field(max_length=120)
    file_hash: str = Field(max_length=64)
    media_type: str = Field(max_length=40)
    width: int
    height: int
