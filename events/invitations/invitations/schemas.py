"""What is typed about people, and what is answered when they are written to."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.errors import N_
from core.text import Address, Blank, Name, Prose, wrong
from directory.people.geography import provinces
from directory.people.schemas import InstitutionOrNone, Position


def _province(code: str) -> str:
    if code and code not in provinces():
        raise wrong(N_("This is not a province of Türkiye."))
    return code


class RosterEntryIn(BaseModel):
    """Somebody to be named by hand. Without an address the link is handed over on paper."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    title: Position = ""
    institution: InstitutionOrNone = ""
    province: Annotated[str, AfterValidator(_province)] = ""
    address: Annotated[Address | None, Blank] = None


class Withdrawal(BaseModel):
    """Why an invitation is taken back."""

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class Released(BaseModel):
    """How many messages are on their way now."""

    released: int


class LinkIn(BaseModel):
    """Whether links that were given before end."""

    model_config = ConfigDict(extra="forbid")

    is_only_one: bool = False


class LinkMade(BaseModel):
    """A personal link: who has it, answers."""

    address: str
