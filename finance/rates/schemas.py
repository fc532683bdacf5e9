"""What goes in and out of rate tables."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Country
from core.paging import Page, PageOut, Paging, page_of, page_out, sorting
from core.text import Blank, Line, Prose
from core.web import checked
from events.programme.events.schemas import Day
from finance.rates.models import ListedTable, RateRow, RateTable
from finance.rates.rules import (
    ChangeKind,
    Confidence,
    FoundRate,
    PlaceRate,
    RateChange,
    RateLevel,
    RateScope,
    RateTableState,
    counted_changes,
)
from finance.rates.shipped import ShippedTable

# What a project’s tables may stand by.
RateTablePaging = Annotated[Paging, sorting("table", "rules", "state")]
# What rates and their changes may stand by.
RateRowPaging = Annotated[Paging, sorting("place", "from", "to", "change")]

Grade = Annotated[Line, Field(max_length=120)]


class WithdrawalIn(BaseModel):
    """Why a table is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=3, max_length=500)]


class ShippedIn(BaseModel):
    """Which of the tables that come with Heyet is taken over, by its file."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[Line, Field(max_length=80)]


class RateSearch(BaseModel):
    """A place and a day, for which one row holds. `day` is that of the journey, of the contract where a table goes by
    that."""

    model_config = ConfigDict(extra="forbid")

    rule_set: Annotated[Line, Field(max_length=32)] = "eu_external"
    country: Country
    city: Annotated[Line, Field(max_length=80)] = ""
    day: Day
    grade: Grade = ""


class RateTableOut(BaseModel):
    """A list of rates: what it is, where it is from and how sure that is, and whether sheets pay by it."""

    id: UUID
    name: str
    rule_set: str
    scope: RateScope
    source: str
    confidence: Confidence
    state: RateTableState
    imported_at: datetime
    imported_by: UUID | None
    in_force_at: datetime | None
    in_force_by: UUID | None
    withdrawn_at: datetime | None
    reason: str
    # What it changed when it was put in force.
    summary: dict[str, int]

    @classmethod
    def of(cls, table: RateTable) -> "RateTableOut":
        return cls.model_validate(table.model_dump())


class ListedRateTableOut(RateTableOut):
    """The same in a list: with the number of rows, the newest first day, and whether there should be a newer table."""

    rates: int
    newest: date | None
    is_old: bool

    @classmethod
    def listed(cls, one: ListedTable) -> "ListedRateTableOut":
        more = {"rates": one.count, "newest": one.newest, "is_old": one.is_old}
        return cls.model_validate({**one.table.model_dump(), **more})


class RateOut(BaseModel):
    """A row: its place, its amounts by name as exact decimals, and when it holds."""

    id: UUID | None
    country: str
    city: str
    grade: str
    amounts: dict[str, str]
    currency: str
    valid_from: date | None
    valid_to: date | None
    source: str

    @classmethod
    def of(cls, row: PlaceRate | RateRow) -> "RateOut":
        amounts = {name: _text(amount) for name, amount in row.amounts.items()}
        id = row.row_id if isinstance(row, PlaceRate) else row.id
        return cls.model_validate({**_fields(row), "amounts": amounts, "id": id})


def _text(amount: Decimal | str) -> str:
    return amount if isinstance(amount, str) else f"{amount:f}"


def _fields(row: PlaceRate | RateRow) -> dict[str, object]:
    names = ("country", "city", "grade", "currency", "valid_from", "valid_to", "source")
    return {name: getattr(row, name) for name in names}


class RateTableRowsOut(RateTableOut):
    """A table with a page of its rows."""

    rows: PageOut[RateOut]

    @classmethod
    def with_rows(cls, table: RateTable, page: Page[RateRow]) -> "RateTableRowsOut":
        rows = page_out(page, [RateOut.of(row) for row in page.rows])
        return cls.model_validate({**table.model_dump(), "rows": rows})


class RateChangeOut(BaseModel):
    """A place of a list against what holds without it; `before` or `now` is missing where there is none."""

    kind: ChangeKind
    before: RateOut | None
    now: RateOut | None

    @classmethod
    def of(cls, one: RateChange) -> "RateChangeOut":
        return cls(
            kind=one.kind,
            before=RateOut.of(one.before) if one.before else None,
            now=RateOut.of(one.row) if one.row else None,
        )


RATE_CHANGE_SORTS: Mapping[str, Callable[[RateChange], Any]] = {
    "place": lambda one: (one.place.country, one.place.city, one.place.grade),
    "change": lambda one: list(ChangeKind).index(one.kind),
    "from": lambda one: one.place.valid_from,
    "to": lambda one: one.place.valid_to,
}


class RateDifferenceOut(BaseModel):
    """How many places a list changes, and a page of them: changed ones first."""

    counts: dict[str, int]
    changes: PageOut[RateChangeOut]

    @classmethod
    def of(cls, changes: Sequence[RateChange], page_request: Paging) -> "RateDifferenceOut":
        page = page_of(changes, page_request, RATE_CHANGE_SORTS)
        shown = page_out(page, [RateChangeOut.of(one) for one in page.rows])
        return cls.model_validate({"counts": counted_changes(changes), "changes": shown})


class FoundRateOut(BaseModel):
    """The row that holds for a place, with its table and the reason; empty where no row does."""

    rate: RateOut | None = None
    level: RateLevel | None = None
    why: str
    table: RateTableOut | None = None

    @classmethod
    def of(cls, found: FoundRate | None, table: RateTable | None, why: str) -> "FoundRateOut":
        if found is None or table is None:
            return cls(why=why)
        return cls(rate=RateOut.of(found.row), level=found.level, why=why, table=RateTableOut.of(table))


class ShippedTableOut(BaseModel):
    """A table that comes with Heyet."""

    file: str
    rule_set: str
    scope: RateScope
    source: str
    confidence: Confidence
    rates: int

    @classmethod
    def of(cls, one: ShippedTable) -> "ShippedTableOut":
        return cls.model_validate({**vars(one), "rates": len(one.rows())})


class NewRateTable(BaseModel):
    """What is said of a list that is imported. Without a scope it is that of its rule set."""

    model_config = ConfigDict(extra="forbid")

    rule_set: Annotated[Line, Field(max_length=32)] = "eu_external"
    scope: Annotated[RateScope | None, Blank] = None
    source: Annotated[Line, Field(max_length=300)] = ""

    @classmethod
    def said(cls, rule_set: str, scope: RateScope | None, source: str) -> "NewRateTable":
        """What came beside a file. Raises Invalid."""
        return checked(cls, {"rule_set": rule_set, "scope": scope, "source": source})
