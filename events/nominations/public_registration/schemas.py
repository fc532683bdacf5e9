"""What a stranger says."""

from pydantic import BaseModel, ConfigDict

from core.codes import Spoken
from core.text import Address, Name
from directory.people.schemas import InstitutionOrNone, Position


class Application(BaseModel):
    """Somebody who asks for a place. The rest is asked on their own page, once the address is theirs."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address
    title: Position = ""
    institution: InstitutionOrNone = ""
    language: Spoken = "tr"


class LostLink(BaseModel):
    """Whose link got lost."""

    model_config = ConfigDict(extra="forbid")

    address: Address


class Heard(BaseModel):
    """Always the same, so that nobody learns whether an address is known here."""

    message: str
