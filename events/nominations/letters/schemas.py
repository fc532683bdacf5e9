"""What is said about the letters of an event."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank, Line
from events.programme.events.schemas import Day


class LetterIn(BaseModel):
    """Number and date of the registry, and who signs."""

    model_config = ConfigDict(extra="forbid")

    reference: Annotated[Line, Field(max_length=60)] = ""
    dated: Annotated[Day | None, Blank] = None
    signer: Annotated[Line, Field(max_length=120)] = ""
    signer_title: Annotated[Line, Field(max_length=120)] = ""


class LetterOut(BaseModel):
    """The same, and the name of the signed letter where there is one."""

    reference: str
    dated: date | None
    signer: str
    signer_title: str
    file_name: str
