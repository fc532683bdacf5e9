"""What is said of lists that go out by themselves."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank, WholeNumber
from events.invitations.invitations.rules import Category, InvitationStatus
from events.participants.roster.rules import Mark
from events.participants.scheduled_exports.models import ScheduledExport
from events.participants.scheduled_exports.rules import MOST_READERS, ExportEnd, Rhythm
from events.programme.events.schemas import Day


class ScheduledExportIn(BaseModel):
    """Which part of the list, how often, until when, and to which members of the project."""

    model_config = ConfigDict(extra="forbid")

    rhythm: Rhythm
    weekday: Annotated[WholeNumber, Field(ge=0, le=6, description="From Monday, 0. For weekly ones.")] = 0
    days_before: Annotated[WholeNumber, Field(ge=1, le=60)] = 1
    ends_on: Annotated[
        Day | None, Blank, Field(description="Null: the last day of the event, wherever that moves.")
    ] = None
    status: Annotated[InvitationStatus | None, Blank] = None
    category: Annotated[Category | None, Blank] = None
    mark: Annotated[Mark | None, Blank] = None
    readers: Annotated[list[UUID], Field(min_length=1, max_length=MOST_READERS)]


class ScheduledExportOut(BaseModel):
    """A list that goes out by itself, or did."""

    id: UUID
    event_id: UUID
    account_id: UUID
    rhythm: Rhythm
    weekday: int
    days_before: int
    ends_on: date | None
    status: InvitationStatus | None
    category: Category | None
    mark: Mark | None
    readers: list[UUID]
    last_for: date | None
    ended_at: datetime | None
    end: ExportEnd | None

    @classmethod
    def of(cls, export: ScheduledExport, readers: Sequence[UUID]) -> "ScheduledExportOut":
        return cls.model_validate({**export.model_dump(), "readers": list(readers)})
