"""Adjustments as they go in and out. Amounts are decimal strings, less with a minus before them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.errors import N_
from core.ids import new_id
from core.money import Money
from core.paging import Paging, sorting
from core.text import DecimalText, Prose, wrong
from finance.adjustments.models import Adjustment
from visits.cost_lines.schemas import CurrencyOfAmount

# What their list may stand by.
AdjustmentPaging = Annotated[Paging, sorting("name", "amount", "state")]

_Signed = Annotated[Decimal, Field(ge=-100_000_000, le=100_000_000), DecimalText]


class AdjustmentIn(BaseModel):
    """More or less for one person, and why. The same key twice has one effect."""

    model_config = ConfigDict(extra="forbid")

    registration_id: UUID
    amount: _Signed
    currency: CurrencyOfAmount = "EUR"
    reason: Annotated[Prose, Field(min_length=3, max_length=500)]
    key: UUID = Field(default_factory=new_id)

    @field_validator("amount")
    @classmethod
    def _some(cls, amount: Decimal) -> Decimal:
        if not amount:
            raise wrong(N_("Please write an amount: more as it is, less with a minus before it."))
        return amount

    @property
    def each(self) -> Money:
        return Money(self.amount, self.currency)


class CancelAdjustmentIn(BaseModel):
    """Why an adjustment does not count."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class AdjustmentOut(BaseModel):
    """One adjustment; with `cancelled_at` it does not count."""

    id: UUID
    registration_id: UUID
    amount: str
    currency: str
    reason: str
    entered_at: datetime
    cancelled_at: datetime | None
    cancelled_why: str

    @classmethod
    def of(cls, one: Adjustment) -> "AdjustmentOut":
        shared = set(cls.model_fields) - {"amount"}
        return cls(**one.model_dump(include=shared), amount=str(one.amount.amount))


class AdjustmentRowOut(AdjustmentOut):
    """The same with the person's name, as a list has it."""

    name: str

    @classmethod
    def of_person(cls, one: Adjustment, name: str) -> "AdjustmentRowOut":
        return cls(**AdjustmentOut.of(one).model_dump(), name=name)
