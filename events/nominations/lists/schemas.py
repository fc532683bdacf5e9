"""What programs learn about an uploaded list."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import WholeNumber
from events.nominations.lists.models import ImportState
from events.nominations.lists.rules import ListRow


class ImportOut(BaseModel):
    """A list with the verdict on each row."""

    id: UUID
    event_id: UUID
    state: ImportState
    named: int
    rows: list[ListRow]


ListField = Literal["name", "given", "family", "title", "institution", "province", "address", "category"]


class ColumnMap(BaseModel):
    """Which column, counted from 0, holds what."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[ListField, Annotated[WholeNumber, Field(ge=0, le=60)]]

    @property
    def indexes(self) -> dict[str, int]:
        return {str(field): index for field, index in self.columns.items()}


class ChosenRows(BaseModel):
    """Rows to import, by their line in the file; none named means all that can be."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[int] | None, Field(max_length=5000)] = None
