"""People on approved sheets without their evidence, as programs see them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from core.paging import Paging, sorting
from core.text import Blank
from finance.evidence_gaps.rules import EvidenceGap
from finance.overview.schemas import Month
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import sheet_number

# What they may stand by.
GapPaging = Annotated[Paging, sorting("missing", "event")]


@dataclass(frozen=True)
class GapFilter:
    """Which gaps. A field that is none does not filter; `month` is that of the last day that is paid."""

    gap: EvidenceGap | None = None
    project_id: UUID | None = None
    event_id: UUID | None = None
    month: date | None = None


def gap_filter(
    gap: Annotated[EvidenceGap | None, Blank, Query(description="What is missing.")] = None,
    project: Annotated[UUID | None, Blank, Query()] = None,
    event: Annotated[UUID | None, Blank, Query()] = None,
    month: Annotated[Month | None, Blank, Query(description="Of the last day that is paid, as 2026-04.")] = None,
) -> GapFilter:
    """The filter of the list, from its address."""
    return GapFilter(gap, project, event, date.fromisoformat(f"{month}-01") if month else None)


GapsWanted = Annotated[GapFilter, Depends(gap_filter)]


@dataclass(frozen=True)
class FoundGap:
    """One kind of evidence that one person of one sheet lacks."""

    gap: EvidenceGap
    person: StatementRow
    sheet: PerDiemSheet
    event: str
    code: str

    @property
    def number(self) -> str:
        """By what people name the sheet."""
        return sheet_number(self.code, self.sheet.currency, self.sheet.number)


class FoundGapOut(BaseModel):
    """Somebody on an approved sheet, and the evidence that is missing."""

    gap: EvidenceGap
    sheet_id: UUID
    registration_id: UUID
    name: str
    project_id: UUID
    event_id: UUID
    event: str
    currency: str
    version: int

    @classmethod
    def of(cls, one: FoundGap) -> "FoundGapOut":
        return cls(
            gap=one.gap,
            sheet_id=one.sheet.id,
            registration_id=one.person.registration_id,
            name=one.person.name,
            project_id=one.sheet.project_id,
            event_id=one.sheet.event_id,
            event=one.event,
            currency=one.sheet.currency,
            version=one.sheet.version,
        )
