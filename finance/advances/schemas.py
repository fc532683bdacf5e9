"""Advances as they go in and out. Amounts are decimal strings."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.ids import new_id
from core.money import Money
from core.paging import Paging, sorting
from core.text import DecimalText, Line, Prose
from events.programme.events.schemas import Day
from finance.advances.models import Advance
from finance.advances.rules import MOST_AT_ONCE, AdvanceMethod, AdvancePlan
from visits.cost_lines.schemas import Amount, CurrencyOfAmount

# What their list may stand by.
AdvancePaging = Annotated[Paging, sorting("name", "amount", "day", "how", "state")]


class AdvancesIn(BaseModel):
    """The same advance for one or many people. The same key twice has one effect."""

    model_config = ConfigDict(extra="forbid")

    registrations: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    amount: Annotated[Amount, Field(gt=0), DecimalText]
    currency: CurrencyOfAmount = "EUR"
    paid_on: Day
    method: AdvanceMethod = AdvanceMethod.bank
    reference: Annotated[Line, Field(max_length=60)] = ""
    note: Annotated[Line, Field(max_length=300)] = ""
    key: UUID = Field(default_factory=new_id)

    @property
    def each(self) -> Money:
        return Money(self.amount, self.currency)


class CancelAdvanceIn(BaseModel):
    """Why an advance does not count."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class AdvancePlanOut(BaseModel):
    """What it would do: to how many people, how much each and in all; `again` of them have an advance already."""

    people: int
    each: str
    total: str
    currency: str
    again: int

    @classmethod
    def of(cls, plan: AdvancePlan) -> "AdvancePlanOut":
        return cls(
            people=plan.people,
            each=str(plan.each.rounded().amount),
            total=str(plan.total.rounded().amount),
            currency=plan.each.currency,
            again=plan.again,
        )


class OwnAdvanceOut(BaseModel):
    """One advance as the person sees it."""

    amount: str
    currency: str
    paid_on: date
    method: AdvanceMethod

    @classmethod
    def of(cls, one: Advance) -> "OwnAdvanceOut":
        return cls(amount=str(one.amount.amount), currency=one.currency, paid_on=one.paid_on, method=one.method)


class AdvanceOut(BaseModel):
    """One advance; with `cancelled_at` it does not count."""

    id: UUID
    registration_id: UUID
    amount: str
    currency: str
    paid_on: date
    method: AdvanceMethod
    reference: str
    note: str
    entered_at: datetime
    cancelled_at: datetime | None
    reason: str

    @classmethod
    def of(cls, one: Advance) -> "AdvanceOut":
        shared = set(cls.model_fields) - {"amount"}
        return cls(**one.model_dump(include=shared), amount=str(one.amount.amount))


class AdvanceRowOut(AdvanceOut):
    """The same with the person's name, as a list has it."""

    name: str

    @classmethod
    def of_person(cls, one: Advance, name: str) -> "AdvanceRowOut":
        return cls(**AdvanceOut.of(one).model_dump(), name=name)
