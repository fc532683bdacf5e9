"""What a sheet is asked for, and what is said of one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.errors import N_
from core.text import WholeNumber
from events.attendance.sign_in_sheets.composition import SheetField
from events.attendance.sign_in_sheets.models import SheetVersion


class SheetOrder(StrEnum):
    """Whose name comes first."""

    name = "name"
    surname = "surname"
    institution = "institution"
    protocol = "protocol"


class SheetColumns(StrEnum):
    """What is signed for."""

    half_days = "half-days"
    sessions = "sessions"


class SheetPeople(StrEnum):
    """Who is on it: funders want local and international participants apart."""

    everybody = "everybody"
    local = "local"
    international = "international"


SHEET_ORDERS = {
    SheetOrder.name: N_("Name"),
    SheetOrder.surname: N_("Surname"),
    SheetOrder.institution: N_("Institution"),
    SheetOrder.protocol: N_("Protocol rank, then name"),
}
SHEET_COLUMNS = {
    SheetColumns.half_days: N_("One for the morning, one for the afternoon"),
    SheetColumns.sessions: N_("One for each session"),
}
SHEET_PEOPLE = {
    SheetPeople.everybody: N_("Everybody"),
    SheetPeople.local: N_("Those of the host country"),
    SheetPeople.international: N_("Those of other countries"),
}
SHEET_FIELDS = {
    SheetField.position: N_("Position"),
    SheetField.institution: N_("Institution"),
    SheetField.place: N_("Province"),
    SheetField.sex: N_("Sex"),
}
SHEET_LANGUAGES = {"tr": "Türkçe", "en": "English", "ar": "العربية"}
# What pages offer.
SHEET_CHOICES = {
    "languages": SHEET_LANGUAGES,
    "orders": SHEET_ORDERS,
    "columns": SHEET_COLUMNS,
    "people": SHEET_PEOPLE,
    "fields": SHEET_FIELDS,
}


class SheetIn(BaseModel):
    """How a sign-in sheet is to be."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["tr", "en", "ar"] = "tr"
    order: SheetOrder = SheetOrder.name
    people: SheetPeople = SheetPeople.everybody
    columns: SheetColumns = SheetColumns.half_days
    fields: Annotated[list[SheetField], Field(max_length=4)] = [SheetField.institution]
    walk_ins: Annotated[WholeNumber, Field(ge=0, le=200)] = 5
    page_format: Literal["A4", "Letter"] = "A4"
    landscape: bool = False


class SignInSheetOut(BaseModel):
    """A sheet as it was made."""

    id: UUID
    sheet: str
    version: int
    language: str
    people: int
    pages: int
    file_digest: str
    made_at: datetime

    @classmethod
    def of(cls, row: SheetVersion) -> "SignInSheetOut":
        return cls(**row.model_dump(exclude={"event_id", "content", "layout"}), pages=len(row.layout["pages"]))
