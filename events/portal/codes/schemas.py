"""What the owner of a link types."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line


class CodeIn(BaseModel):
    """A code from the mail."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[Line, Field(max_length=12)]


class CodeSent(BaseModel):
    """Where the code went, masked."""

    address: str


class Confirmed(BaseModel):
    """The bearer token that shows what was told, for twelve hours."""

    token: str
