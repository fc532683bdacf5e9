"""What is known of each payee; numbers and names are encrypted at rest."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from finance.payees.rules import PayMethod


class PayeeDetails(SQLModel, table=True):
    """Of one person for one event. `bank_country`, `bank_name` and `domestic_account` are for countries whose accounts
    have no IBAN. `is_complete` says whether anything is missing to pay (`rules.missing_of`): sealed columns cannot be
    searched. `entered_by` is the account that entered it, none where the person did."""

    __tablename__ = "payee_details"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    method: PayMethod = choice(PayMethod, default=PayMethod.bank)
    holder: str = secret(default="")
    iban: str = secret(default="")
    bic: str = secret(default="")
    bank_name: str = secret(default="")
    domestic_account: str = secret(default="")
    bank_country: str = Field(default="", max_length=2)
    account_currency: str = Field(default="", max_length=3)
    grade: str = Field(default="", max_length=60)
    home_country: str = Field(default="", max_length=2)
    home_city: str = secret(default="")
    is_complete: bool = False
    revision: int = 1
    entered_by: UUID | None = None
    changed_at: datetime = instant()
