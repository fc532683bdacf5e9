"""What may be said about a project."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Address, Line, Prose, Title, WholeNumber
from directory.projects.models import Emblem

Share = Annotated[WholeNumber, Field(ge=0, le=100)]


class ProjectIn(BaseModel):
    """The papers of a project; shares in per cent of one per diem."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    donor: Title
    contract_number: Line
    funding_statement_en: Annotated[Prose, Field(max_length=500)] = ""
    funding_statement_tr: Annotated[Prose, Field(max_length=500)] = ""
    emblem: Emblem = Emblem.none
    contact: Address | Annotated[str, Field(max_length=0)] = ""
    bed_share: Share = 50
    breakfast_share: Share = 6
    lunch_share: Share = 12
    dinner_share: Share = 12
    requires_attendance: bool = False
