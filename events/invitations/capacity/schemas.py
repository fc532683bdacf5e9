"""What is said about quotas."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Blank, WholeNumber, wrong
from events.invitations.invitations.rules import Category


class QuotaKey(BaseModel):
    """What a quota is of: an event has one of each."""

    model_config = ConfigDict(extra="forbid")

    category: Annotated[Category | None, Blank] = None
    institution_id: Annotated[UUID | None, Blank] = None


class QuotaIn(QuotaKey):
    """Places for a category, for an institution with all under it, or for a category of one."""

    capacity: Annotated[WholeNumber, Field(ge=0, le=10_000)]

    @model_validator(mode="after")
    def _of_something(self) -> "QuotaIn":
        if self.category is None and self.institution_id is None:
            raise wrong(N_("Please choose a category, an institution, or both."))
        return self


class QuotaOut(BaseModel):
    """A quota and how many of its places are taken."""

    category: Category | None
    institution_id: UUID | None
    capacity: int
    taken: int


class CategoryIn(BaseModel):
    """As what somebody takes part."""

    model_config = ConfigDict(extra="forbid")

    category: Category
