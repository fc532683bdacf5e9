"""A project's distance bands, and the unit of each person's journey."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id
from core.money import Money
from finance.unit_costs.rules import UnitBand


class UnitCostBand(SQLModel, table=True):
    """One band of the table that a project imported; a newer table takes the place of all of them."""

    __tablename__ = "unit_cost_band"
    __table_args__ = (UniqueConstraint("project_id", "first_km"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    first_km: int
    last_km: int | None = None
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    source: str = Field(max_length=120)

    @property
    def band(self) -> UnitBand:
        """As the rules know it."""
        return UnitBand(self.first_km, self.last_km, Money.of_minor(self.amount_minor, self.currency), self.source)


class UnitCostClaim(SQLModel, table=True):
    """The unit of one person's return journey: amount and source as they held when it was entered, the distance where
    it decided."""

    __tablename__ = "unit_cost_claim"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    distance_km: int | None = None
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    source: str = Field(max_length=120)
    entered_by: UUID
    entered_at: datetime = instant()

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
