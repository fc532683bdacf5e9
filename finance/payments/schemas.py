"""Payments as they go in and out. Account numbers are masked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line, Prose
from events.programme.events.schemas import Day
from finance.payees.rules import masked_account
from finance.payments.models import Payment
from finance.payments.rules import NotPayable, PaymentMethod, PaymentState


class PaymentBatchIn(BaseModel):
    """Which approved sheets are paid, how and when; `people` are the persons of these sheets that are, or all."""

    model_config = ConfigDict(extra="forbid")

    sheet_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    method: PaymentMethod
    executes_on: Day
    registration_ids: Annotated[list[UUID] | None, Field(max_length=20_000)] = None


class PaymentResultIn(BaseModel):
    """What came of payments: of those named, or of all that are still planned."""

    model_config = ConfigDict(extra="forbid")

    payment_ids: Annotated[list[UUID] | None, Field(max_length=20_000)] = None
    paid_on: Day
    reference: Annotated[Line, Field(max_length=80)] = ""


class PaymentFailureIn(BaseModel):
    """Why payments did not arrive; the people become payable again."""

    model_config = ConfigDict(extra="forbid")

    payment_ids: Annotated[list[UUID], Field(min_length=1, max_length=20_000)]
    reason: Annotated[Prose, Field(min_length=1, max_length=300)]


class PaymentOut(BaseModel):
    """One payment."""

    id: UUID
    sheet_id: UUID
    registration_id: UUID
    number: int
    name: str
    amount: str
    currency: str
    account: str
    state: PaymentState
    paid_on: date | None
    reference: str
    reason: str

    @classmethod
    def of(cls, one: Payment) -> "PaymentOut":
        names = {"id", "sheet_id", "registration_id", "number", "name", "currency", "state", "paid_on", "reference"}
        return cls(
            **one.model_dump(include=names | {"reason"}),
            amount=str(one.amount.amount),
            account=masked_account(one.iban or one.account),
        )


class PaymentBatchHeadOut(BaseModel):
    """A batch without its payments."""

    id: UUID
    project_id: UUID
    number: int
    method: PaymentMethod
    currency: str
    executes_on: date
    created_at: datetime
    exported_at: datetime | None
    payments: int
    total: str
    states: dict[PaymentState, int]


class PaymentBatchOut(PaymentBatchHeadOut):
    """A batch with a page of its payments, and payments that look like ones made before."""

    items: list[PaymentOut]
    alike: list[UUID]


class LeftOutOut(BaseModel):
    """Somebody who is not in the batch, and why."""

    registration_id: UUID
    name: str
    why: NotPayable


class NewPaymentBatchOut(PaymentBatchHeadOut):
    """What was made, and who was left out."""

    left_out: list[LeftOutOut]
