"""Batches, and the payments in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from core.money import Money
from finance.payments.rules import PaymentMethod, PaymentState


class PaymentBatch(SQLModel, table=True):
    """Payments that go to a bank, or over a table, together. `number` counts in the project and is never given anew;
    identifiers in bank files come from it and from `id`. The account that pays and the words before each explanation
    are as they were when the batch was made: a second file is the same."""

    __tablename__ = "payment_batch"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    number: int
    method: PaymentMethod = choice(PaymentMethod)
    currency: str = Field(max_length=3)
    executes_on: date
    payer_holder: str = secret(default="")
    payer_iban: str = secret(default="")
    payer_bic: str = secret(default="")
    explanation: str = Field(default="", max_length=60)
    created_at: datetime = instant()
    created_by: UUID
    exported_at: datetime | None = instant(default=None, nullable=True)


class Payment(SQLModel, table=True):
    """One amount to one person for one sheet. Account and holder are as they were when the batch was made, sealed;
    `account_key` is a keyed digest of the account, for finding two payments alike. `reference` is what the bank or the
    cashier said, and `has_reference` whether they said any: sealed columns cannot be searched."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive_payment"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    batch_id: UUID = Field(foreign_key="payment_batch.id", index=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id", index=True)
    sheet_person_id: UUID = Field(foreign_key="sheet_person.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    number: int
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    name: str = secret()
    holder: str = secret(default="")
    iban: str = secret(default="")
    bic: str = secret(default="")
    bank_name: str = secret(default="")
    account: str = secret(default="")
    account_key: str = Field(default="", max_length=64, index=True)
    state: PaymentState = choice(PaymentState, default=PaymentState.planned)
    paid_on: date | None = None
    reference: str = secret(default="")
    has_reference: bool = False
    reason: str = secret(default="")
    changed_at: datetime = instant()
    changed_by: UUID

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
