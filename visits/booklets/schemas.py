"""What is said of booklets, and how they are shown."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Prose
from visits.booklets.models import Booklet, BookletText

BookletLanguage = Literal["en", "tr"]
_TEXT = Annotated[Prose, Field(max_length=4000)]


class BookletTextIn(BaseModel):
    """The organiser's texts in one language. What is left empty is taken from the other one."""

    model_config = ConfigDict(extra="forbid")

    emergency: _TEXT = ""
    contacts: _TEXT = ""
    addresses: _TEXT = ""
    rules: _TEXT = ""


class BookletTextOut(BookletTextIn):
    """The same with the language it is in."""

    language: BookletLanguage

    @classmethod
    def of(cls, language: BookletLanguage, text: BookletText | None) -> "BookletTextOut":
        known = text.model_dump(include=set(BookletTextIn.model_fields)) if text else {}
        return cls(language=language, **known)


class BookletOrder(BaseModel):
    """Booklets for everybody, in each one's own language or in one for all."""

    model_config = ConfigDict(extra="forbid")

    language: BookletLanguage | Literal["own"] = "own"


class BookletOut(BaseModel):
    """One person's booklet as it was made last."""

    id: UUID
    registration_id: UUID
    language: str
    made_at: datetime

    @classmethod
    def of(cls, booklet: Booklet) -> "BookletOut":
        return cls(**booklet.model_dump(include=set(cls.model_fields)))


class BookletJobOut(BaseModel):
    """The job that makes them; it says how far it is."""

    job_id: UUID
