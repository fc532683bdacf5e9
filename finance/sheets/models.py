"""Sheets as they were submitted: whom they pay, by which lines, and which nights are paid for by whom."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant, secret, secret_document
from core.ids import new_id
from core.money import Money
from finance.sheets.rules import SheetState


class PerDiemSheet(SQLModel, table=True):
    """What finance pays from: of an event, in one currency of payment, of one institution or of all.

    Everything but how far it came is frozen by triggers. A returned or recalled one stays as it was; the next is a new
    version, and so is a correction of one that was approved: it pays what differs. Versions count for each institution,
    `number` all sheets of an event in a currency: by it documents and files are told apart. `basis` is by what was
    computed.
    """

    __tablename__ = "per_diem_sheet"
    __table_args__ = (
        UniqueConstraint("event_id", "currency", "institution_key", "version"),
        Index("uq_per_diem_sheet_number", "event_id", "currency", "number", unique=True),
        Index(
            "uq_per_diem_sheet_open",
            "event_id",
            "currency",
            "institution_key",
            unique=True,
            sqlite_where=text("state = 'submitted'"),
            postgresql_where=text("state = 'submitted'"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    currency: str = Field(max_length=3)
    institution_id: UUID | None = Field(default=None, index=True)
    # The institution, or empty for all: a unique index takes two empty ids for different ones.
    institution_key: str = Field(default="", max_length=36)
    version: int = 1
    number: int = 1
    rule_set: str = Field(default="eu_external", max_length=32)
    basis: dict[str, Any] = document(default_factory=dict)
    state: SheetState = choice(SheetState, default=SheetState.submitted)
    people: int = 0
    first_day: date
    last_day: date
    total_minor: int = Field(sa_type=BigInteger)
    return_minor: int = Field(default=0, sa_type=BigInteger)
    submitted_at: datetime = instant()
    submitted_by: UUID
    checked_at: datetime | None = instant(default=None, nullable=True)
    checked_by: UUID | None = None
    decided_at: datetime | None = instant(default=None, nullable=True)
    decided_by: UUID | None = None
    reason: str = secret(default="")
    paid_at: datetime | None = instant(default=None, nullable=True)
    closed_at: datetime | None = instant(default=None, nullable=True)
    closed_by: UUID | None = None

    @property
    def total(self) -> Money:
        return Money.of_minor(self.total_minor, self.currency)

    @property
    def to_return(self) -> Money:
        return Money.of_minor(self.return_minor, self.currency)


class StatementRow(SQLModel, table=True):
    """One person on a sheet: a statement as it was submitted. Written once; only the name can be erased.

    `content` is the rest of the statement, without its lines; `reasons` are those of its adjustments. `reserved_minor`
    is what payments hold that are planned or made, or what was set off, never more than there is to pay;
    `returned_minor` what came back or was set off.
    """

    __tablename__ = "sheet_person"
    __table_args__ = (
        UniqueConstraint("sheet_id", "registration_id"),
        CheckConstraint(
            "reserved_minor = 0 OR (reserved_minor > 0 AND reserved_minor <= balance_minor)", name="paid_once"
        ),
        CheckConstraint(
            "returned_minor = 0 OR (returned_minor > 0 AND returned_minor <= -balance_minor)", name="returned_once"
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    number: int
    name: str = secret()
    institution: str = Field(default="", max_length=200)
    earned_minor: int = Field(sa_type=BigInteger)
    balance_minor: int = Field(sa_type=BigInteger)
    content: dict[str, Any] = document(default_factory=dict)
    reasons: list[str] = secret_document(default_factory=list)
    reserved_minor: int = Field(default=0, sa_type=BigInteger)
    returned_minor: int = Field(default=0, sa_type=BigInteger)

    def balance(self, currency: str) -> Decimal:
        """What is to be paid; below zero, to be returned."""
        return Money.of_minor(self.balance_minor, currency).amount


class PerDiemLine(SQLModel, table=True):
    """One line of one person as submitted. Written once, never changed; two of one day are told apart by `number`."""

    __tablename__ = "per_diem_line"
    __table_args__ = (UniqueConstraint("sheet_id", "registration_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id")
    registration_id: UUID = Field(foreign_key="registration.id")
    number: int
    kind: str = Field(max_length=20)
    day: date
    currency: str = Field(max_length=3)
    amount_minor: int = Field(sa_type=BigInteger)
    rate_row_id: UUID | None = Field(default=None, index=True)
    content: dict[str, Any] = document(default_factory=dict)


class PaidNight(SQLModel, table=True):
    """A night for which a person is paid by an approved sheet: no second event is paid for it, in no project.

    `person_key` is a keyed digest of the mailbox, for it is compared across projects that must not see each other.
    """

    __tablename__ = "paid_night"
    __table_args__ = (UniqueConstraint("person_key", "night"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_key: str = Field(max_length=64)
    night: date
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
