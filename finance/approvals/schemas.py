"""What is said when a sheet goes back or somebody remarks on it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.paging import Paging, sorting
from core.text import Blank, Prose
from finance.approvals.models import SheetComment

# What the people of a sheet may stand by.
StatementPaging = Annotated[Paging, sorting("name", "institution", "amount")]


class ReturnIn(BaseModel):
    """Why a sheet goes back."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class CommentIn(BaseModel):
    """A remark on a sheet, or on one person of it."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Prose, Field(min_length=1, max_length=2000)]
    registration_id: Annotated[UUID | None, Blank] = None


class CommentOut(BaseModel):
    """A remark with who made it."""

    id: UUID
    registration_id: UUID | None
    name: str
    text: str
    written_at: datetime

    @classmethod
    def of(cls, said: SheetComment, name: str) -> "CommentOut":
        return cls(**said.model_dump(exclude={"event_id", "sheet_id", "account_id"}), name=name)
