"""Payments as they go in and out. Account numbers are masked."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.money import Money
from core.paging import Paging, sorting
from core.text import Line, Prose
from events.programme.events.schemas import Day
from finance.payees.rules import masked_account
from finance.payments.models import Payment, PaymentBatch
from finance.payments.rules import LIVE, NotPayable, PaymentMethod, PaymentState

# What a project’s batches may stand by.
PaymentBatchPaging = Annotated[Paging, sorting("number", "method", "day", "planned", "people", "sum")]
# What the payments of a batch may stand by.
PaymentPaging = Annotated[Paging, sorting("number", "name", "amount", "state")]


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
    """A batch without its payments: how many are planned or made, and their sum."""

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

    @classmethod
    def counted(cls, batch: PaymentBatch, payments: int, total_minor: int) -> Self:
        total = Money.of_minor(int(total_minor), batch.currency)
        return cls(**batch.model_dump(exclude={"created_by"}), payments=payments, total=str(total.amount))


class PaymentBatchOut(PaymentBatchHeadOut):
    """A batch with a page of its payments, and those whose account gets the same amount that day once more."""

    items: list[PaymentOut]
    alike: list[UUID]

    @classmethod
    def whole(
        cls, batch: PaymentBatch, payments: Sequence[Payment], page: Sequence[Payment], alike: Collection[UUID]
    ) -> Self:
        live = [one.amount_minor for one in payments if one.state in LIVE]
        head = PaymentBatchHeadOut.counted(batch, len(live), sum(live)).model_dump()
        return cls(**head, items=[PaymentOut.of(one) for one in page], alike=sorted(alike))


class LeftOutOut(BaseModel):
    """Somebody who is not in the batch, and why."""

    registration_id: UUID
    name: str
    why: NotPayable


class NewPaymentBatchOut(PaymentBatchHeadOut):
    """What was made, and who was left out."""

    left_out: list[LeftOutOut]

    @classmethod
    def made(
        cls, batch: PaymentBatch, payments: Sequence[Payment], left_out: Sequence[tuple[UUID, str, NotPayable]]
    ) -> Self:
        head = PaymentBatchHeadOut.counted(batch, len(payments), sum(one.amount_minor for one in payments))
        others = [LeftOutOut(registration_id=id, name=name, why=why) for id, name, why in left_out]
        return cls(**head.model_dump(), left_out=others)
