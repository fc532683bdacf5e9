"""What is typed for a letter and kept nowhere, and a project's own words."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.errors import N_
from core.text import Blank, Line, Prose, wrong
from directory.projects.models import Project
from events.participants.official_letters.rules import (
    MOST_SUBJECT,
    MOST_TEXT,
    LetterKind,
    key_of,
    unknown_placeholders,
)
from events.programme.events.schemas import Day

LANGUAGES = {"": N_("Each in the language of its country"), "tr": "Türkçe", "en": "English"}
FORMS = {"pdf": N_("One PDF"), "zip": N_("A zip with a file for each")}


def known(text: str) -> str:
    """Refuses names in braces that stand for nothing."""
    unknown = unknown_placeholders(text)
    if unknown:
        raise wrong(N_("Nothing stands for {%(names)s}."), names=", ".join(unknown))
    return text


Subject = Annotated[Line, Field(max_length=MOST_SUBJECT), AfterValidator(known)]
Text = Annotated[Prose, Field(max_length=MOST_TEXT), AfterValidator(known)]


class LetterTextIn(BaseModel):
    """Subject and text by language; what is empty is said in Heyet's words."""

    model_config = ConfigDict(extra="forbid")

    subject_tr: Subject = ""
    text_tr: Text = ""
    subject_en: Subject = ""
    text_en: Text = ""


class LetterTextOut(BaseModel):
    """The same, as it is kept."""

    subject_tr: str = ""
    text_tr: str = ""
    subject_en: str = ""
    text_en: str = ""

    @classmethod
    def of(cls, project: Project, kind: LetterKind) -> "LetterTextOut":
        return cls(**project.texts.get(key_of(kind), {}))


class SignedBy(BaseModel):
    """What the registry gives a letter, and who signs it."""

    model_config = ConfigDict(extra="forbid")

    reference: Annotated[Line, Field(max_length=60)] = ""
    dated: Annotated[Day | None, Blank] = None
    signer: Annotated[Line, Field(max_length=120)] = ""
    signer_title: Annotated[Line, Field(max_length=200)] = ""


class LettersIn(SignedBy):
    """Letters to all institutions whose people took part."""

    kind: Literal[LetterKind.participation, LetterKind.thanks]
    language: Literal["", "tr", "en"] = ""
    ending: Literal["pdf", "zip"] = "pdf"


class VisaLetterIn(SignedBy):
    """What a consulate asks for. Heyet keeps none of it; what is empty is left as a line to write on."""

    language: Literal["tr", "en"] = "en"
    addressee: Annotated[Line, Field(max_length=200)] = ""
    passport_name: Annotated[Line, Field(max_length=120)] = ""
    born_on: Annotated[date | None, Blank] = None
    nationality: Annotated[Line, Field(max_length=60)] = ""
    passport_number: Annotated[Line, Field(max_length=30)] = ""
    passport_until: Annotated[date | None, Blank] = None
    employer: Annotated[Line, Field(max_length=200)] = ""
    function: Annotated[Line, Field(max_length=120)] = ""
    purpose: Annotated[Line, Field(max_length=300)] = ""
    stay_from: Annotated[Day | None, Blank] = None
    stay_until: Annotated[Day | None, Blank] = None
    host_address: Annotated[Line, Field(max_length=300)] = ""
    costs: Annotated[Prose, Field(max_length=500)] = ""
    insurance: Annotated[Line, Field(max_length=200)] = ""
