"""A visit's budget and what is spent."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant, secret
from core.ids import new_id
from core.money import Money
from visits.cost_lines.rules import CostHeading, CostStage


class VisitBudget(SQLModel, table=True):
    """What a visit may cost. `rates` say what one unit of another currency is worth, as text by its code;
    `calculated_km` is the figure of the Commission's calculator for the way there, where somebody entered it."""

    __tablename__ = "visit_budget"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", unique=True)
    budget_line: str = Field(default="", max_length=60)
    currency: str = Field(default="EUR", max_length=3)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    rates: dict[str, Any] = document(default_factory=dict)
    calculated_km: int | None = None
    changed_at: datetime = instant()

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money.of_minor(self.amount_minor, self.currency)


class CostLine(SQLModel, table=True):
    """One cost that was written down: of one traveller, or of the whole group."""

    __tablename__ = "cost_line"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id")
    heading: CostHeading = choice(CostHeading)
    stage: CostStage = choice(CostStage)
    text: str = secret(default="")
    document_number: str = Field(default="", max_length=60)
    spent_on: date | None = None
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    created_at: datetime = instant()

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
