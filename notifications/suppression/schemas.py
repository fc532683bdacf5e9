"""What programs learn and say about addresses that get nothing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.paging import Paging, sorting
from notifications.outbox.redaction import without_tokens
from notifications.suppression.models import Suppression
from notifications.suppression.rules import WORDING, Why, wording_of

# What blocked addresses may stand by.
SuppressionPaging = Annotated[Paging, sorting("name", "reason", "since")]


class SuppressionOut(BaseModel):
    """An address that gets nothing, whose it is, and why. `wording` is what refusals of that kind have in common."""

    id: UUID
    person_id: UUID
    why: Why
    answer: Annotated[str, AfterValidator(without_tokens)]
    wording: Annotated[str, AfterValidator(wording_of)]
    since: datetime

    @classmethod
    def of(cls, row: Suppression, person_id: UUID) -> "SuppressionOut":
        return cls(id=row.id, person_id=person_id, why=row.why, answer=row.answer, wording=row.answer, since=row.since)


class WordingIn(BaseModel):
    """The wording by which addresses came on the list."""

    model_config = ConfigDict(extra="forbid")

    wording: Annotated[str, Field(min_length=1, max_length=WORDING)]


class ReleasedOut(BaseModel):
    """How many addresses get mail again."""

    released: int
