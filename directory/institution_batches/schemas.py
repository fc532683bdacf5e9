"""What is said about institutions that are added for each province."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.errors import N_
from core.text import Line, Title, wrong
from directory.institution_batches.rules import SLOT, Planned
from directory.people.geography import subdivision_code
from directory.people.models import Institution, InstitutionKind


def _has_slot(pattern: str) -> str:
    if pattern and SLOT not in pattern:
        raise wrong(N_("Please write {province} where the name of the province comes."))
    return pattern


def _turkish(province: str) -> str:
    return subdivision_code(province, "TR")


Province = Annotated[Line, Field(min_length=1, max_length=80), AfterValidator(_turkish)]


class BatchIn(BaseModel):
    """One institution for each province. The patterns hold `{province}`; no province named means all 81 of Türkiye,
    which is the only country that has a list of them here. The parent is named, known or new."""

    model_config = ConfigDict(extra="forbid")

    kind: InstitutionKind = InstitutionKind.directorate
    parent: Annotated[Line, Field(max_length=200)] = ""
    name: Annotated[Title, AfterValidator(_has_slot)] = f"{SLOT} İl Göç İdaresi Müdürlüğü"
    name_en: Annotated[Line, Field(max_length=200), AfterValidator(_has_slot)] = (
        f"{SLOT} Provincial Directorate of Migration Management"
    )
    country: Literal["TR"] = "TR"
    provinces: Annotated[list[Province], Field(max_length=81)] = []


class PlannedOut(BaseModel):
    """An institution of a batch. `institution_id` is what is there in its stead."""

    province: str
    name: str
    name_en: str
    institution_id: UUID | None = None

    @classmethod
    def of(cls, one: Planned, there: Institution | None = None) -> "PlannedOut":
        return cls(
            province=one.province, name=one.name, name_en=one.name_en, institution_id=there.id if there else None
        )


class BatchPlan(BaseModel):
    """What a batch would do."""

    new: list[PlannedOut]
    there: list[PlannedOut]

    @classmethod
    def of(cls, new: Iterable[Planned], there: Iterable[tuple[Planned, Institution]]) -> "BatchPlan":
        return cls(new=[PlannedOut.of(one) for one in new], there=[PlannedOut.of(one, found) for one, found in there])


class BatchOut(BaseModel):
    """A batch that can be undone; the parent is among those added where it was new."""

    id: UUID
    project_id: UUID
    added: list[UUID]
    skipped: int
