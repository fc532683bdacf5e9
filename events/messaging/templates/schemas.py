"""A project's own words for a mail."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.errors import N_
from core.placeholders import in_braces
from core.text import Line, Prose, wrong
from events.messaging.templates.rules import PLACEHOLDERS, unknown_placeholders


def known(text: str) -> str:
    """Refuses names in braces that stand for nothing."""
    unknown = unknown_placeholders(text)
    if unknown:
        raise wrong(
            N_("Nothing stands for %(names)s. These can be used: %(allowed)s."),
            names=in_braces(unknown),
            allowed=in_braces(PLACEHOLDERS),
        )
    return text


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
