"""Receipts and ceilings as they go in and out. Amounts are decimal strings."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.errors import N_
from core.money import Money
from core.paging import Paging, sorting
from core.text import Blank, Line, Prose, wrong
from core.written import must_be_whole
from events.programme.events.schemas import Day
from finance.receipts.models import Receipt, ReceiptCeiling
from finance.receipts.rules import ReceiptKind, ReceiptState
from visits.cost_lines.schemas import Amount, Currency, CurrencyOfAmount

# What receipts may stand by.
ReceiptPaging = Annotated[Paging, sorting("name", "kind", "day", "amount", "state")]


class ReceiptIn(BaseModel):
    """What was paid. Day and amount may be left out while they are not known; an amount needs its currency."""

    model_config = ConfigDict(extra="forbid")

    kind: ReceiptKind
    day: Annotated[Day | None, Blank] = None
    amount: Annotated[Amount | None, Blank] = None
    currency: Annotated[Annotated[Currency | None, Blank], Field(validate_default=True)] = None
    note: Annotated[Line, Field(max_length=300)] = ""

    @field_validator("currency")
    @classmethod
    def _of_amount(cls, currency: str | None, others: ValidationInfo) -> str | None:
        amount = others.data.get("amount")
        if amount is not None and not currency:
            raise wrong(N_("Please write the currency of the amount, like EUR or TRY."))
        must_be_whole(amount, currency)
        return currency

    @property
    def minor(self) -> int | None:
        """In the smallest unit of the currency."""
        return Money(self.amount, self.currency).minor if self.amount is not None and self.currency else None

    @classmethod
    def fields_of(cls, receipt: Receipt) -> dict[str, Any]:
        """A receipt as its form shows it."""
        shown = {"kind": receipt.kind.value, "note": receipt.note, "currency": receipt.currency}
        return shown | {
            "day": receipt.day.isoformat() if receipt.day else "",
            "amount": str(receipt.amount.amount) if receipt.amount else "",
        }


class ReceiptOfPersonIn(ReceiptIn):
    """A receipt that staff enter for somebody."""

    registration_id: UUID


class ReceiptsDecisionIn(BaseModel):
    """Accept or refuse some receipts; a refusal says why, to the people too."""

    model_config = ConfigDict(extra="forbid")

    receipts: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    is_accepted: bool
    reason: Annotated[Annotated[Prose, Field(max_length=500)], Field(validate_default=True)] = ""

    @field_validator("reason")
    @classmethod
    def _why(cls, reason: str, others: ValidationInfo) -> str:
        if others.data.get("is_accepted") is False and not reason:
            raise wrong(N_("Please write why: the person reads it."))
        return reason


class ReceiptOut(BaseModel):
    """One receipt; `amount` is empty where it is not known."""

    id: UUID
    registration_id: UUID
    kind: ReceiptKind
    day: date | None
    amount: str
    currency: str
    note: str
    file_name: str
    state: ReceiptState
    reason: str
    is_own: bool
    revision: int
    created_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptOut":
        shared = set(cls.model_fields) - {"amount", "is_own"}
        amount = str(receipt.amount.amount) if receipt.amount else ""
        return cls(**receipt.model_dump(include=shared), amount=amount, is_own=receipt.entered_by is None)


class ReceiptRowOut(ReceiptOut):
    """The same with the person's name, as a list has it; `is_bed_provided` of a hotel bill for nights whose bed the
    organiser provides."""

    name: str
    is_bed_provided: bool

    @classmethod
    def of_person(cls, receipt: Receipt, name: str, *, is_bed_provided: bool) -> "ReceiptRowOut":
        return cls(**ReceiptOut.of(receipt).model_dump(), name=name, is_bed_provided=is_bed_provided)


class CeilingIn(BaseModel):
    """The most that is paid for a kind, or for all together where none is named: each day, or for the whole trip."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[ReceiptKind | None, Blank] = None
    is_daily: bool = False
    amount: Amount
    currency: CurrencyOfAmount = "EUR"


class CeilingOut(BaseModel):
    """One ceiling of a project."""

    id: UUID
    kind: ReceiptKind | None
    is_daily: bool
    amount: str
    currency: str

    @classmethod
    def of(cls, one: ReceiptCeiling) -> "CeilingOut":
        return cls(
            id=one.id, kind=one.kind, is_daily=one.is_daily, amount=str(one.amount.amount), currency=one.currency
        )
