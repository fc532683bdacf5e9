"""Adjustments, which are cancelled and never deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id
from core.money import Money


class Adjustment(SQLModel, table=True):
    """More (plus) or less (minus) for one person, and why. `key` was made by who entered it: sent twice it has one
    effect. A cancelled one says when, by whom and why, and does not count."""

    __tablename__ = "adjustment"
    __table_args__ = (
        UniqueConstraint("key", "registration_id"),
        CheckConstraint("amount_minor <> 0", name="amount"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    key: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    reason: str = secret()
    entered_by: UUID
    entered_at: datetime = instant()
    cancelled_by: UUID | None = None
    cancelled_at: datetime | None = instant(default=None, nullable=True)
    cancelled_why: str = secret(default="")

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
