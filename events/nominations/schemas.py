"""What programs learn about an uploaded list."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from events.nominations.models import ImportState
from events.nominations.rules import Row


class ImportOut(BaseModel):
    """A list with the verdict on each row."""

    id: UUID
    event_id: UUID
    state: ImportState
    named: int
    rows: list[Row]


class Chosen(BaseModel):
    """Rows to import, by their line in the file; none named means all that can be."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[int] | None, Field(max_length=5000)] = None
