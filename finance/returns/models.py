"""What came back."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id
from core.money import Money


class MoneyReturned(SQLModel, table=True):
    """What a person gave back of what they owed by a sheet. Never changed; one written in error is removed, and the
    history keeps what it said and why."""

    __tablename__ = "money_returned"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive_return"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id", index=True)
    sheet_person_id: UUID = Field(foreign_key="sheet_person.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    returned_on: date
    reference: str = secret(default="")
    entered_at: datetime = instant()
    entered_by: UUID

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
