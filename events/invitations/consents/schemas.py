"""Words of consent, in and out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Prose
from events.invitations.consents.rules import ConsentPurpose


class ConsentTextIn(BaseModel):
    """Other words for one purpose; they count for whoever answers from now on."""

    model_config = ConfigDict(extra="forbid")

    purpose: ConsentPurpose
    text_en: Annotated[Prose, Field(min_length=1, max_length=2000)]
    text_tr: Annotated[Prose, Field(min_length=1, max_length=2000)]


class ConsentTextOut(BaseModel):
    """The words that count now. Version 0 are those that come with Heyet."""

    purpose: ConsentPurpose
    version: int
    text_en: str
    text_tr: str
