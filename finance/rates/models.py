"""Tables of rates; a table is never changed, the latest is in force."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import document, instant
from core.ids import new_id


class RateTable(SQLModel, table=True):
    """One imported list. Never changed: a newer list is a new table, and sheets keep naming theirs."""

    __tablename__ = "rate_table"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    name: str = Field(max_length=200)
    imported_at: datetime = instant()
    summary: dict[str, Any] = document(default_factory=dict)


class RateRow(SQLModel, table=True):
    """The daily amount of a place, in minor units of its currency."""

    __tablename__ = "rate_row"
    __table_args__ = (
        UniqueConstraint("table_id", "country", "city", "valid_from"),
        CheckConstraint("amount_minor > 0", name="positive_amount"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    table_id: UUID = Field(foreign_key="rate_table.id")
    country: str = Field(max_length=2)
    city: str = Field(default="", max_length=80)
    amount_minor: int
    currency: str = Field(max_length=3)
    valid_from: date
    source: str = Field(default="", max_length=300)
