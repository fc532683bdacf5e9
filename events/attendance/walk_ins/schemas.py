"""What a desk asks of somebody who is not on the list."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from core.text import Address, Blank, Name
from directory.people.schemas import InstitutionOrNone
from events.invitations.invitations.rules import Category


class WalkInData(BaseModel):
    """Four fields, for a queue is waiting."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    institution: InstitutionOrNone = ""
    category: Category = Category.participant
    address: Annotated[Address | None, Blank] = None
