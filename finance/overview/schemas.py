"""What waits for finance, as programs see it. Amounts are decimal strings in the currency of the sheet."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, StringConstraints

from core.money import Money
from core.paging import Paging, sorting
from core.text import Blank, Year
from events.programme.events.models import Event
from finance.approvals.rules import ApprovalBar
from finance.overview.rules import Waiting
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import SheetState, sheet_number
from finance.sheets.schemas import SheetHeadOut

# What sheets, debtors and events that wait may stand by, where they have such a column.
SheetPaging = Annotated[Paging, sorting("event", "state", "days", "people", "amount", "submitted")]

Month = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


@dataclass(frozen=True)
class SheetFilter:
    """Which sheets. A field that is none does not filter; `month` and `year` are those of the last day that is paid,
    `is_given` is for those that were approved, whether they are paid yet or not."""

    waiting: Waiting | None = None
    project_id: UUID | None = None
    event_id: UUID | None = None
    state: SheetState | None = None
    currency: str | None = None
    month: date | None = None
    component_id: UUID | None = None
    year: int | None = None
    is_given: bool = False
    number: int | None = None


def sheet_filter(
    waiting: Annotated[Waiting | None, Blank, Query(description="What has to be done next.")] = None,
    project: Annotated[UUID | None, Blank, Query()] = None,
    event: Annotated[UUID | None, Blank, Query()] = None,
    state: Annotated[SheetState | None, Blank, Query()] = None,
    currency: Annotated[Code | None, Blank, Query()] = None,
    month: Annotated[Month | None, Blank, Query(description="Of the last day that is paid, as 2026-04.")] = None,
    component: Annotated[UUID | None, Blank, Query()] = None,
    year: Annotated[Year, Query(description="Of the last day that is paid.")] = None,
    given: Annotated[bool, Query(description="Approved, paid and closed sheets only.")] = False,
) -> SheetFilter:
    """The filter of a list of sheets, from its address."""
    first = date.fromisoformat(f"{month}-01") if month else None
    return SheetFilter(waiting, project, event, state, currency, first, component, year, given)


SheetsWanted = Annotated[SheetFilter, Depends(sheet_filter)]


@dataclass(frozen=True)
class FoundSheet:
    """A sheet with its event, project and the institution that it is for, if one; `bar` says of one that was submitted
    why the caller may not approve it."""

    sheet: PerDiemSheet
    event: str
    project: str
    institution: str
    left: Money
    bar: ApprovalBar | None
    zone: str
    code: str

    @property
    def number(self) -> str:
        """By what people name the sheet."""
        return sheet_number(self.code, self.sheet.currency, self.sheet.number)


@dataclass(frozen=True)
class Debtor:
    """Somebody who owes money by an approved sheet."""

    person: StatementRow
    sheet: PerDiemSheet
    event: str

    @property
    def amount(self) -> Money:
        """What is not back yet."""
        return Money.of_minor(-self.person.balance_minor - self.person.returned_minor, self.sheet.currency)


@dataclass(frozen=True)
class WaitingEvent:
    """So many of something in one event."""

    event: Event
    count: int


class FoundSheetOut(SheetHeadOut):
    """A sheet in a list of several events. `left` is what is still to be paid; `approval_bar` says of one that was
    submitted why you may not approve it, and is empty where you may."""

    project_id: UUID
    project: str
    event: str
    institution: str
    left: str
    approval_bar: ApprovalBar | None

    @classmethod
    def of_row(cls, one: FoundSheet) -> "FoundSheetOut":
        return cls(
            **SheetHeadOut.of(one.sheet).model_dump(),
            project_id=one.sheet.project_id,
            project=one.project,
            event=one.event,
            institution=one.institution,
            left=str(one.left.amount),
            approval_bar=one.bar,
        )


class DebtorOut(BaseModel):
    """Somebody who owes money by an approved sheet, and how much of it is not back yet."""

    sheet_id: UUID
    registration_id: UUID
    name: str
    project_id: UUID
    event_id: UUID
    event: str
    amount: str
    currency: str

    @classmethod
    def of_row(cls, one: Debtor) -> "DebtorOut":
        return cls(
            sheet_id=one.sheet.id,
            registration_id=one.person.registration_id,
            name=one.person.name,
            project_id=one.sheet.project_id,
            event_id=one.sheet.event_id,
            event=one.event,
            amount=str(one.amount.amount),
            currency=one.amount.currency,
        )


class WaitingEventOut(BaseModel):
    """How many receipts of an event nobody decided on, or how many people on its approved sheets cannot be paid."""

    project_id: UUID
    event_id: UUID
    event: str
    count: int

    @classmethod
    def of_row(cls, one: WaitingEvent) -> "WaitingEventOut":
        return cls(project_id=one.event.project_id, event_id=one.event.id, event=one.event.title, count=one.count)


class WaitingOut(BaseModel):
    """How much there is of each, in all projects whose per diems you may look at."""

    counts: dict[Waiting, int]
