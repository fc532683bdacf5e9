"""What is said about a material."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from pydantic import BaseModel, ConfigDict, Field

from core.codes import Language
from core.text import Blank, Line, Title
from core.web import checked
from events.materials.rules import Audience


class MaterialIn(BaseModel):
    """What is said beside the file."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    title_en: Annotated[Line, Field(max_length=200)] = ""
    title_tr: Annotated[Line, Field(max_length=200)] = ""
    language: Language = "tr"
    licence: Annotated[Line, Field(max_length=200)] = ""
    audience: Audience = Audience.everybody
    session_id: Annotated[UUID | None, Blank] = None


def _described(
    title: Annotated[str, Form()],
    title_en: Annotated[str, Form()] = "",
    title_tr: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "tr",
    licence: Annotated[str, Form()] = "",
    audience: Annotated[Audience, Form()] = Audience.everybody,
    session_id: Annotated[str, Form()] = "",
) -> MaterialIn:
    given = {
        "title": title,
        "title_en": title_en,
        "title_tr": title_tr,
        "language": language,
        "licence": licence,
        "audience": audience,
        "session_id": session_id,
    }
    material: MaterialIn = checked(MaterialIn, given)
    return material


# As the fields of a form that has a file too.
Described = Annotated[MaterialIn, Depends(_described)]


class MaterialOut(BaseModel):
    """A material and how often it was downloaded."""

    id: UUID
    session_id: UUID | None
    title: str
    title_en: str
    title_tr: str
    language: str
    licence: str
    audience: Audience
    file_name: str
    media_type: str
    size: int
    downloads: int
