"""What is asked for of several sheets."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank
from events.attendance.sheet_batches.rules import MOST
from events.attendance.sign_in_sheets.schemas import SheetIn
from events.programme.events.schemas import Day

EventIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST)]
Chosen = Annotated[list[UUID], Query(alias="event", max_length=MOST)]


class SheetBatchIn(SheetIn):
    """How all the sheets are to be, and of which events."""

    events: EventIds


class Period(BaseModel):
    """Which events are offered: those that take place in it, from today on where nothing is said."""

    model_config = ConfigDict(extra="ignore")

    since: Annotated[Day | None, Blank] = None
    until: Annotated[Day | None, Blank] = None

    def begins(self, today: date) -> date:
        return self.since or (min(today, self.until) if self.until else today)


InPeriod = Annotated[Period, Query()]
