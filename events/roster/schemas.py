"""What may be asked of the roster, and what is answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Blank, Prose, wrong
from events.invitations.rules import Answer, Category
from events.roster.rules import BULK, MOST_CHOSEN, Bulk, Column, Mark


@dataclass(frozen=True)
class RosterFilter:
    """Words in name, position, address, institution or province, and what else is asked of a person."""

    q: str = ""
    standing: Answer | None = None
    category: Category | None = None
    mark: Mark | None = None

    @property
    def query(self) -> str:
        """As the query of an address."""
        asked = {"q": self.q, "standing": self.standing, "category": self.category, "mark": self.mark}
        return urlencode({name: value for name, value in asked.items() if value})


def _filter(
    q: Annotated[str, Query(max_length=200)] = "",
    standing: Annotated[Answer | None, Blank] = None,
    category: Annotated[Category | None, Blank] = None,
    mark: Annotated[Mark | None, Blank] = None,
) -> RosterFilter:
    return RosterFilter(q, standing, category, mark)


Wanted = Annotated[RosterFilter, Depends(_filter)]


class ColumnsIn(BaseModel):
    """Which columns to show, in the order of the house."""

    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[Column], Field(max_length=len(Column))]


class BulkIn(BaseModel):
    """One step for many people. Those whom it cannot touch stay as they are."""

    model_config = ConfigDict(extra="forbid")

    action: Bulk
    invitations: Annotated[list[UUID], Field(min_length=1, max_length=MOST_CHOSEN)]
    reason: Annotated[Prose, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _says_why(self) -> "BulkIn":
        if BULK[self.action].needs_reason and not self.reason:
            raise wrong(N_("Please say why."))
        return self


class BulkPreview(BaseModel):
    """Whom a step would touch."""

    touched: int
    told: int
    untouched: int


class RosterRow(BaseModel):
    """One person of the roster, without what they told us in confidence."""

    invitation_id: UUID
    person_id: UUID
    name: str
    title: str
    institution: str
    province: str
    address: str | None
    category: Category
    standing: Answer
    answered_at: datetime | None
    is_complete: bool | None


def bulk_of(typed: dict[str, Any]) -> dict[str, Any]:
    """The fields of the page's form; people come as one text, so that their number has no limit of fields."""
    return {
        "action": typed.get("action", ""),
        "reason": typed.get("reason", ""),
        "invitations": str(typed.get("ids", "")).split() or typed.get("people[]", []),
    }
