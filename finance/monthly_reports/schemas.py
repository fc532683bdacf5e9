"""Readers of the monthly report as they go in and out."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Spoken
from core.ids import new_id
from core.text import Address, Name
from finance.monthly_reports.models import ReportReader
from finance.monthly_reports.rules import ReportFormat
from finance.overview.schemas import Month


class ReportReaderIn(BaseModel):
    """Somebody who is to get the report, in which language and with which file."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Annotated[Address, Field(min_length=3)]
    language: Spoken = "en"
    file_format: ReportFormat = ReportFormat.xlsx


class ReportReaderOut(BaseModel):
    """Somebody whom the report goes to; once stopped without name and address."""

    id: UUID
    name: str
    address: str
    language: str
    file_format: ReportFormat
    added_at: datetime
    last_for: date | None
    stopped_at: datetime | None
    is_stopped_by_reader: bool

    @classmethod
    def of(cls, one: ReportReader) -> "ReportReaderOut":
        return cls(**one.model_dump(include=set(cls.model_fields)))


class SendReportIn(BaseModel):
    """Which month's report goes now to everybody on the list. The same key twice has one effect."""

    model_config = ConfigDict(extra="forbid")

    month: Month
    key: UUID = Field(default_factory=new_id)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(f"{self.month}-01")


class SendPlanOut(BaseModel):
    """To how many it would go; nothing is sent yet."""

    people: int
    month: str
