"""What somebody gave back, as it is entered and shown."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.ids import new_id
from core.text import DecimalText, Line, Prose
from events.programme.events.schemas import Day
from finance.returns.models import MoneyReturned


class ReturnedIn(BaseModel):
    """What a person gave back. The same key twice has one effect."""

    model_config = ConfigDict(extra="forbid")

    registration_id: UUID
    amount: Annotated[Decimal, DecimalText, Field(gt=0, max_digits=12, allow_inf_nan=False)]
    returned_on: Day
    reference: Annotated[Line, Field(max_length=80)] = ""
    key: UUID = Field(default_factory=new_id)


class ReturnRemovalIn(BaseModel):
    """Which sum never came back as it was noted, and why it was noted so."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    reason: Annotated[Prose, Field(min_length=3, max_length=500)]


class ReturnedOut(BaseModel):
    """One sum that came back."""

    id: UUID
    registration_id: UUID
    amount: str
    currency: str
    returned_on: date
    reference: str

    @classmethod
    def of(cls, one: MoneyReturned) -> "ReturnedOut":
        kept = one.model_dump(include={"id", "registration_id", "currency", "returned_on", "reference"})
        return cls(**kept, amount=str(one.amount.amount))
