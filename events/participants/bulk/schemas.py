"""A step for many people, in and out."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Prose, wrong
from events.participants.bulk.rules import BULK, MOST_CHOSEN, Bulk


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
    """Whom a step would touch, and to how many who wait the places go that it frees, at most."""

    touched: int
    told: int
    untouched: int
    moving_up: int = 0


def bulk_of(typed: dict[str, Any]) -> dict[str, Any]:
    """The fields of the page's form; people come as one text, so that their number has no limit of fields."""
    return {
        "action": typed.get("action", ""),
        "reason": typed.get("reason", ""),
        "invitations": str(typed.get("ids", "")).split() or typed.get("people[]", []),
    }
