"""What is asked for on the page of the first start."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Spoken
from core.columns import room
from core.text import Address, Line, Name, Title
from directory.projects.models import Project


class FirstRunIn(BaseModel):
    """Whoever administers Heyet, and their first project."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address
    password: Annotated[str, Field(min_length=1, max_length=200)]
    language: Spoken
    title: Annotated[Title, Field(max_length=room(Project, "title"))]
    acronym: Annotated[Name, Field(max_length=40)]
    donor: Title
    contract_number: Annotated[Line, Field(max_length=room(Project, "contract_number"))] = ""
