"""A project's own words for a mail."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.placeholders import must_be_known
from core.text import Line, Prose
from events.messaging.templates.rules import PLACEHOLDERS


def known(text: str) -> str:
    """Refuses names in braces that stand for nothing."""
    return must_be_known(text, PLACEHOLDERS)


Subject = Annotated[Line, Field(max_length=200), AfterValidator(known)]
Text = Annotated[Prose, AfterValidator(known)]


class OwnTextIn(BaseModel):
    """Subject and first words by language; what is empty is said in Heyet's words."""

    model_config = ConfigDict(extra="forbid")

    subject_en: Subject = ""
    subject_tr: Subject = ""
    text_en: Text = ""
    text_tr: Text = ""


class Preview(BaseModel):
    """The mail as a person on a list would get it."""

    to_name: str
    subject: str
    plain: str
    html: str
