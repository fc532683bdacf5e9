"""What is said about a material."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Language
from core.text import Blank, Line, Title
from events.materials.rules import Audience


class MaterialIn(BaseModel):
    """What is said beside the file."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    language: Language = "tr"
    licence: Annotated[Line, Field(max_length=200)] = ""
    audience: Audience = Audience.everybody
    session_id: Annotated[UUID | None, Blank] = None


class MaterialOut(BaseModel):
    """A material and how often it was downloaded."""

    id: UUID
    session_id: UUID | None
    title: str
    language: str
    licence: str
    audience: Audience
    file_name: str
    media_type: str
    size: int
    downloads: int
