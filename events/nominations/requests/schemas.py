"""What is said about calls for nominations, by the organiser and by the institution."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.errors import N_
from core.text import AddressOrNone, Blank, Name, Prose, WholeNumber, address_key, wrong
from directory.people.models import Institution, InstitutionKind
from directory.people.schemas import Position
from events.nominations.requests.models import CallRow, NominationRequest, Nominee
from events.nominations.requests.rules import MOST_NAMED, LetterState, NomineeRank
from events.programme.events.schemas import Day

# What the list of institutions that were asked is ordered by; from its end with a minus.
CallSort = Literal["institution", "-institution", "deadline", "-deadline", "nominated", "-nominated"]


class CallIn(BaseModel):
    """Ask one institution, or all of a kind, to name so many people each."""

    model_config = ConfigDict(extra="forbid")

    institution_id: Annotated[UUID | None, Blank] = None
    kind: Annotated[InstitutionKind | None, Blank] = None
    capacity: Annotated[WholeNumber, Field(ge=1, le=MOST_NAMED)]
    answer_by: Day

    @model_validator(mode="after")
    def _asks_somebody(self) -> "CallIn":
        if (self.institution_id is None) == (self.kind is None):
            raise wrong(N_("Please choose one institution, or all of a kind."))
        return self


class NomineeIn(BaseModel):
    """One name. Without an address the person cannot be written to; the link is then handed over on paper."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    title: Position = ""
    address: AddressOrNone = ""


class Names(BaseModel):
    """The whole list of an institution, in its order of preference."""

    model_config = ConfigDict(extra="forbid")

    names: Annotated[list[NomineeIn], Field(max_length=MOST_NAMED)]

    @field_validator("names")
    @classmethod
    def _each_once(cls, names: list[NomineeIn]) -> list[NomineeIn]:
        keys = [address_key(n.address) for n in names if n.address]
        if len(set(keys)) < len(keys):
            raise wrong(N_("The same address stands in the list twice."))
        return names


class ChosenNominees(BaseModel):
    """Which names to accept; none said means all within the quota."""

    model_config = ConfigDict(extra="forbid")

    nominees: Annotated[list[UUID] | None, Field(max_length=10 * MOST_NAMED)] = None


class WriteBack(BaseModel):
    """What the institution is asked to do again, and by when."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Prose, Field(min_length=1, max_length=2000)]
    answer_by: Annotated[Day | None, Blank] = None


class NomineeOut(BaseModel):
    """A name and what became of it."""

    id: UUID
    name: str
    title: str
    address: str
    rank: NomineeRank

    @classmethod
    def of(cls, nominee: Nominee, rank: NomineeRank) -> "NomineeOut":
        return cls(id=nominee.id, name=nominee.name, title=nominee.title, address=nominee.address, rank=rank)


class NominationRequestOut(BaseModel):
    """A call as its institution and the organiser see it."""

    id: UUID
    institution: str
    capacity: int
    answer_by: date
    note: str
    named_at: datetime | None
    names: list[NomineeOut]

    @classmethod
    def of(
        cls, one: NominationRequest, institution: Institution, names: Iterable[tuple[Nominee, NomineeRank]]
    ) -> "NominationRequestOut":
        return cls(
            id=one.id,
            institution=institution.name,
            capacity=one.capacity,
            answer_by=one.answer_by,
            note=one.note,
            named_at=one.named_at,
            names=[NomineeOut.of(nominee, rank) for nominee, rank in names],
        )


class CallBrief(BaseModel):
    """A call in the organiser's list."""

    id: UUID
    institution_id: UUID
    institution: str
    capacity: int
    named: int
    accepted: int
    reachable: int
    is_opened: bool
    is_withdrawn: bool
    letter: LetterState

    @classmethod
    def of(cls, row: CallRow) -> "CallBrief":
        return cls(
            id=row.call.id,
            institution_id=row.institution.id,
            institution=row.institution.name,
            capacity=row.call.capacity,
            named=row.named,
            accepted=row.accepted,
            reachable=row.reachable,
            is_opened=row.opened_at is not None,
            is_withdrawn=row.call.withdrawn_at is not None,
            letter=row.letter,
        )
