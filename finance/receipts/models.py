"""Receipts with their sealed files, and a project's ceilings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from core.money import Money
from finance.receipts.rules import ReceiptKind, ReceiptState


class Receipt(SQLModel, table=True):
    """One cost that somebody paid. What it does not say is empty. The file lies encrypted under `file_hash`; `digest`
    is the SHA-256 of what came. `reason` is why finance refused it; `entered_by` is the account that entered it, none
    where the person did."""

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint("amount_minor IS NULL OR amount_minor >= 0", name="amount"),
        CheckConstraint("state <> 'refused' OR decided_at IS NOT NULL", name="decided"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    kind: ReceiptKind = choice(ReceiptKind)
    day: date | None = None
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(default="", max_length=3)
    note: str = secret(default="")
    file_name: str = secret(default="")
    file_hash: str = Field(default="", max_length=64)
    digest: str = Field(default="", max_length=64)
    state: ReceiptState = choice(ReceiptState, default=ReceiptState.claimed)
    reason: str = secret(default="")
    revision: int = 1
    entered_by: UUID | None = None
    created_at: datetime = instant()
    decided_by: UUID | None = None
    decided_at: datetime | None = instant(default=None, nullable=True)

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money.of_minor(self.amount_minor, self.currency)


class ReceiptCeiling(SQLModel, table=True):
    """The most that a project pays for a kind, or for all together where it names none: a day, or the whole trip."""

    __tablename__ = "receipt_ceiling"
    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        CheckConstraint("amount_minor >= 0", name="amount"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    # Kind, span and currency as one: of an empty kind a constraint over columns would allow several.
    key: str = Field(max_length=60)
    kind: ReceiptKind | None = choice(ReceiptKind, default=None, nullable=True)
    is_daily: bool = False
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
