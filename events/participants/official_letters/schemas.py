"""What is typed for a letter and kept nowhere, and a project's own words."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.codes import Country
from core.errors import N_
from core.placeholders import must_be_known
from core.text import Blank, Line, Prose, wrong
from directory.projects.models import Project
from events.participants.letter_files.schemas import LetterEnding
from events.participants.official_letters.rules import (
    MOST_SUBJECT,
    MOST_TEXT,
    PLACEHOLDERS,
    LetterKind,
    key_of,
)
from events.programme.events.schemas import Day

LANGUAGES = {"": N_("Each in the language of its country"), "tr": "Türkçe", "en": "English"}


def known(text: str) -> str:
    """Refuses names in braces that stand for nothing."""
    return must_be_known(text, PLACEHOLDERS)


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
    ending: LetterEnding = "pdf"


class VisaFacts(SignedBy):
    """What a consulate asks of the journey; what is empty is left as a line to write on."""

    language: Literal["tr", "en"] = "en"
    addressee: Annotated[Line, Field(max_length=200)] = ""
    purpose: Annotated[Line, Field(max_length=300)] = ""
    stay_from: Annotated[Day | None, Blank] = None
    stay_until: Annotated[Day | None, Blank] = None
    host_address: Annotated[Line, Field(max_length=300)] = ""
    costs: Annotated[Prose, Field(max_length=500)] = ""
    insurance: Annotated[Line, Field(max_length=200)] = ""

    @field_validator("stay_until")
    @classmethod
    def _after_it_began(cls, until: date | None, others: ValidationInfo) -> date | None:
        since = others.data.get("stay_from")
        if since and until and until < since:
            raise wrong(N_("The end date is before the start date."))
        return until


class VisaLettersIn(VisaFacts):
    """Letters for everybody with a place, or for those whose institution is in one country."""

    of_country: Annotated[Country | None, Blank] = None
    ending: LetterEnding = "pdf"


class VisaLetterIn(VisaFacts):
    """What a consulate asks of one person as well. Heyet keeps none of it."""

    passport_name: Annotated[Line, Field(max_length=120)] = ""
    born_on: Annotated[date | None, Blank] = None
    nationality: Annotated[Line, Field(max_length=60)] = ""
    passport_number: Annotated[Line, Field(max_length=30)] = ""
    passport_until: Annotated[date | None, Blank] = None
    employer: Annotated[Line, Field(max_length=200)] = ""
    function: Annotated[Line, Field(max_length=120)] = ""
