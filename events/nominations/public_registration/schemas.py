"""What a stranger says."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Spoken
from core.text import Address, Line, Name


class Application(BaseModel):
    """Somebody who asks for a place. The rest is asked on their own page, once the address is theirs."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address
    title: Annotated[Line, Field(max_length=120)] = ""
    institution: Annotated[Line, Field(max_length=200)] = ""
    language: Spoken = "tr"


class LostLink(BaseModel):
    """Whose link got lost."""

    model_config = ConfigDict(extra="forbid")

    address: Address


class Heard(BaseModel):
    """Always the same, so that nobody learns whether an address is known here."""

    message: str
