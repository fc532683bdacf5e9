"""Which report, and its figures as they go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from core.text import Blank
from events.programme.events.schemas import Day
from events.reporting.reports.rules import SEXES, Crosstab, CrosstabLine, Dimension, Totals

Fewest = Literal[0, 3, 5]


@dataclass(frozen=True)
class ReportFilter:
    """Which events count: all held that are not cancelled, of a component with its activities, one alone, or those that
    fall into a period. `fewest`: numbers of fewer people are hidden; 0 hides nothing."""

    since: date | None = None
    until: date | None = None
    component_id: UUID | None = None
    event_id: UUID | None = None
    fewest: Fewest = 5


def report_filter(
    since: Annotated[Day | None, Blank, Query(description="Not over before this day.")] = None,
    until: Annotated[Day | None, Blank, Query(description="Begun by this day.")] = None,
    component: Annotated[UUID | None, Blank, Query(description="With its activities.")] = None,
    event: Annotated[UUID | None, Blank, Query()] = None,
    fewest: Annotated[
        Literal["0", "3", "5"], Query(description="Hide numbers of fewer people; 0 hides nothing.")
    ] = "5",
) -> ReportFilter:
    """The report's filter, from its address."""
    hide: Mapping[str, Fewest] = {"0": 0, "3": 3, "5": 5}
    return ReportFilter(since, until, component, event, hide[fewest])


Wanted = Annotated[ReportFilter, Depends(report_filter)]


class TotalsOut(BaseModel):
    """The whole. Null is hidden: fewer people than asked for, or it would tell of them."""

    events: int
    people: int | None
    participations: int | None
    person_days: str | None
    women_percent: int | None
    invited: int | None
    confirmed: int | None
    accepted_percent: int | None
    attended_percent: int | None

    @classmethod
    def of(cls, totals: Totals) -> "TotalsOut":
        percents = {name: getattr(totals, name) for name in ("accepted_percent", "attended_percent")}
        return cls(**{**vars(totals), "person_days": _days(totals), **percents})


class LineOut(BaseModel):
    """One line: people at events by sex, altogether, and their person-days."""

    label: str
    by_sex: dict[str, int | None]
    total: int | None
    person_days: str | None

    @classmethod
    def of(cls, line: CrosstabLine) -> "LineOut":
        by_sex = {sex.value: count for sex, count in zip(SEXES, line.cells, strict=True)}
        return cls(label=line.label, by_sex=by_sex, total=line.total, person_days=_days(line))


class CrosstabOut(BaseModel):
    by: Dimension
    lines: list[LineOut]
    total: LineOut

    @classmethod
    def of(cls, table: Crosstab) -> "CrosstabOut":
        return cls(by=table.dimension, lines=[LineOut.of(one) for one in table.lines], total=LineOut.of(table.total))


class ReportOut(BaseModel):
    """A report. `is_disclosing`: beside one given out before it would tell of fewer people than asked for."""

    totals: TotalsOut
    tables: list[CrosstabOut]
    is_disclosing: bool

    @classmethod
    def of(cls, totals: Totals, tables: Mapping[Dimension, Crosstab], *, is_disclosing: bool) -> "ReportOut":
        return cls(
            totals=TotalsOut.of(totals),
            tables=[CrosstabOut.of(table) for table in tables.values()],
            is_disclosing=is_disclosing,
        )


def _days(line: CrosstabLine | Totals) -> str | None:
    return None if line.person_days is None else str(line.person_days)
