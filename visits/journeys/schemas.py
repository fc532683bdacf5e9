"""Journeys as programs read them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.paging import Paging, sorting
from core.text import Line
from visits.checks.rules import FindingCode, FindingSeverity, TravelFinding

# What travellers may stand by.
TravellerPaging = Annotated[Paging, sorting("name", "there", "home")]


class SeenIn(BaseModel):
    """Which finding is all right, as it calls itself, and why."""

    model_config = ConfigDict(extra="forbid")

    about: Annotated[Line, Field(min_length=1, max_length=64)]
    reason: Annotated[Line, Field(min_length=1, max_length=300)]


class FindingOut(BaseModel):
    """What a check found: `sentence` in the caller's language, `about` to call it by, `seen` why it is all right."""

    code: FindingCode
    severity: FindingSeverity
    sentence: str
    numbers: dict[str, Any]
    about: str
    seen: str | None

    @classmethod
    def of(cls, one: TravelFinding, about: str, sentence: str, seen: str | None) -> "FindingOut":
        return cls(
            code=one.code,
            severity=one.severity,
            sentence=sentence,
            numbers=dict(one.numbers),
            about=about,
            seen=seen,
        )


class JourneyOut(BaseModel):
    """One traveller with the legs they are on, and what the checks find."""

    registration_id: UUID
    name: str
    legs: list[UUID]
    findings: list[FindingOut]

    @classmethod
    def of(cls, registration_id: UUID, name: str, legs: list[UUID], findings: list[FindingOut]) -> "JourneyOut":
        return cls(registration_id=registration_id, name=name, legs=legs, findings=findings)


class RevealIn(BaseModel):
    """Why something is shown whole."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(min_length=1, max_length=300)]
