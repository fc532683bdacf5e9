"""Tables of rates: each is a list of its own, and those in force add up."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant
from core.ids import new_id
from finance.rates.rules import Confidence, RateScope, RateTableState


class RateTable(SQLModel, table=True):
    """One list of rates. Its rows are never changed: a newer list is a new table beside it, and sheets keep naming the
    row they were worked out with.

    `rule_set` pays by it, `scope` is what the first day of a row is compared with, `renewed` its usual rhythm in
    months, `shipped` the file where it came with Heyet, `summary` what it changed when it was put in force.
    """

    __tablename__ = "rate_table"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    name: str = Field(max_length=200)
    rule_set: str = Field(default="eu_external", max_length=32)
    scope: RateScope = choice(RateScope, default=RateScope.travel)
    source: str = Field(default="", max_length=300)
    confidence: Confidence = choice(Confidence, default=Confidence.own)
    state: RateTableState = choice(RateTableState, default=RateTableState.pending)
    renewed: int = 12
    shipped: str = Field(default="", max_length=80)
    imported_at: datetime = instant()
    imported_by: UUID | None = None
    in_force_at: datetime | None = instant(default=None, nullable=True)
    in_force_by: UUID | None = None
    withdrawn_at: datetime | None = instant(default=None, nullable=True)
    withdrawn_by: UUID | None = None
    reason: str = Field(default="", max_length=500)
    summary: dict[str, Any] = document(default_factory=dict)


class RateRow(SQLModel, table=True):
    """The amounts of a place, for a grade where it has one. `amounts` are exact decimals as text, by their names."""

    __tablename__ = "rate_row"
    __table_args__ = (
        UniqueConstraint("table_id", "country", "city", "grade", "valid_from"),
        # Without a day two are different to a database.
        Index(
            "uq_rate_row_undated",
            "table_id",
            "country",
            "city",
            "grade",
            unique=True,
            sqlite_where=text("valid_from IS NULL"),
            postgresql_where=text("valid_from IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    table_id: UUID = Field(foreign_key="rate_table.id", index=True)
    country: str = Field(default="", max_length=2)
    city: str = Field(default="", max_length=80)
    grade: str = Field(default="", max_length=120)
    amounts: dict[str, Any] = document(default_factory=dict)
    currency: str = Field(max_length=3)
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = Field(default="", max_length=300)


@dataclass(frozen=True)
class ListedTable:
    """A table with what the list of tables shows: how many rows it has, from when the newest of them holds, and
    whether by its usual rhythm there should be a newer one."""

    table: RateTable
    count: int
    newest: date | None
    is_old: bool
