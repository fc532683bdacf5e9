"""Superiors as they go in and out."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.paging import Paging, sorting
from core.text import Address, Name
from events.attendance.superiors.rules import SuperiorSource

# What those who attended may stand by.
SuperiorPaging = Annotated[Paging, sorting("name", "superior", "by")]


class Agreed(BaseModel):
    """That those concerned know and agree."""

    model_config = ConfigDict(extra="forbid")

    is_agreed: bool = False


class SuperiorIn(Agreed):
    """Whom to ask about somebody, in the language they read."""

    name: Annotated[Name, Field(max_length=120)]
    address: Address
    language: Literal["tr", "en"] = "tr"


class SuperiorOut(BaseModel):
    """Somebody who attended, and whom an evaluation asks about them; all of it empty where nobody is."""

    registration_id: UUID
    participant: str
    institution: str
    name: str = ""
    address: str = ""
    language: str = ""
    source: SuperiorSource | None = None
