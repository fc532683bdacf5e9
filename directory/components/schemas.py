"""What is said about components and activities."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank, Line, Name, Title, WholeNumber

Target = Annotated[WholeNumber, Field(ge=0, le=1_000_000)]


class ComponentIn(BaseModel):
    """A component, or with `parent_id` an activity of one. Women in per cent of participants."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[Name, Field(max_length=20)]
    title: Title
    title_tr: Annotated[Line, Field(max_length=200)] = ""
    parent_id: Annotated[UUID | None, Blank] = None
    target_events: Target = 0
    target_participants: Target = 0
    target_women: Annotated[WholeNumber, Field(ge=0, le=100)] = 0


class ComponentOut(ComponentIn):
    """A component as it stands."""

    id: UUID
    project_id: UUID
    revision: int
