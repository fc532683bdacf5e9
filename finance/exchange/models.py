"""Imported exchange rates, the lists that they are from, and the project's rule."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from finance.exchange.rules import ExchangeDay, ExchangeSource


class ExchangeRule(SQLModel, table=True):
    """By which rates a project converts, and which day's. Without one nothing is converted."""

    __tablename__ = "exchange_rule"

    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    source: ExchangeSource = choice(ExchangeSource, default=ExchangeSource.none)
    day: ExchangeDay = choice(ExchangeDay, default=ExchangeDay.month_of_event_end)


class ExchangeList(SQLModel, table=True):
    """A list of rates that was uploaded. `day` is that of its rates where its lines name none."""

    __tablename__ = "exchange_list"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    source: ExchangeSource = choice(ExchangeSource)
    day: date | None = None
    name: str = Field(max_length=200)
    imported_at: datetime = instant()
    imported_by: UUID


class ExchangeRate(SQLModel, table=True):
    """`units` of a currency are `amount` of the source's own, both exact decimals as text. A rate that another one took
    the place of stays, marked."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        Index(
            "uq_exchange_rate_in_use",
            "project_id",
            "source",
            "currency",
            "valid_from",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    list_id: UUID = Field(foreign_key="exchange_list.id", index=True)
    source: ExchangeSource = choice(ExchangeSource)
    currency: str = Field(max_length=3)
    units: str = Field(max_length=30)
    amount: str = Field(max_length=30)
    valid_from: date
    valid_to: date | None = None
    replaced_at: datetime | None = instant(default=None, nullable=True)
