"""Rate tables, and sheets with their lines as they were submitted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant, secret
from core.ids import new_id
from finance.sheets.rules import SheetState


class PerDiemSheet(SQLModel, table=True):
    """What finance pays from, one for each event and currency. Frozen once approved, by a trigger too."""

    __tablename__ = "per_diem_sheet"
    __table_args__ = (
        Index(
            "uq_per_diem_sheet_open",
            "event_id",
            "currency",
            unique=True,
            sqlite_where=text("state != 'returned'"),
            postgresql_where=text("state != 'returned'"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    table_id: UUID = Field(foreign_key="rate_table.id")
    currency: str = Field(max_length=3)
    version: int = 1
    rule_set: str = Field(default="eu_external", max_length=32)
    state: SheetState = choice(SheetState, default=SheetState.submitted)
    total_minor: int
    submitted_at: datetime = instant()
    submitted_by: UUID
    decided_at: datetime | None = instant(default=None, nullable=True)
    decided_by: UUID | None = None
    reason: str = Field(default="", max_length=500)


class PerDiemLine(SQLModel, table=True):
    """One night of one person as submitted. Written once, never changed."""

    __tablename__ = "per_diem_line"
    __table_args__ = (UniqueConstraint("sheet_id", "registration_id", "night"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id")
    registration_id: UUID = Field(foreign_key="registration.id")
    name: str = secret()
    institution: str = Field(default="", max_length=200)
    night: date
    country: str = Field(max_length=2)
    city: str = Field(default="", max_length=80)
    rate_minor: int
    counts: bool = True
    bed_minor: int = 0
    breakfast_minor: int = 0
    lunch_minor: int = 0
    dinner_minor: int = 0
    amount_minor: int
    why: str = Field(max_length=300)
    facts: dict[str, Any] = document(default_factory=dict)
