"""What is said about many institutions as rows of one table."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Address, Blank, Line
from directory.institution_grid.rules import MOST_ROWS
from directory.people.models import InstitutionKind
from directory.people.schemas import InstitutionName

# New ones at the end of a full page.
MOST_NEW = 20


class GridRow(BaseModel):
    """An institution and its first focal point. Without an id it is new; a kind that is not said is told by the name.

    `focal_id` is who the focal point was when the table was filled.
    """

    model_config = ConfigDict(extra="forbid")

    id: Annotated[UUID | None, Blank] = None
    revision: Annotated[int | None, Blank] = None
    name: InstitutionName
    name_en: Annotated[Line, Field(max_length=200)] = ""
    kind: Annotated[InstitutionKind | None, Blank] = None
    province: Annotated[Line, Field(max_length=80)] = ""
    parent: Annotated[Line, Field(max_length=200)] = ""
    focal_id: Annotated[UUID | None, Blank] = None
    focal_name: Annotated[Line, Field(max_length=120)] = ""
    focal_address: Annotated[Address | None, Blank] = None


class GridIn(BaseModel):
    """The rows of one table."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[GridRow], Field(max_length=MOST_ROWS + MOST_NEW)]
