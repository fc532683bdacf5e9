"""The account as it goes in and out; its number is masked."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line
from finance.payees.rules import masked_account
from finance.payees.schemas import Bic, Iban
from finance.paying_accounts.models import PayingAccount
from finance.paying_accounts.rules import BankColumn


class PayingAccountIn(BaseModel):
    """From where the project pays, and how its bank list looks. Books are accounts by what is paid."""

    model_config = ConfigDict(extra="forbid")

    holder: Annotated[Line, Field(max_length=70)] = ""
    iban: Iban = ""
    bic: Bic = ""
    columns: Annotated[list[BankColumn], Field(max_length=20)] = []
    explanation: Annotated[Line, Field(max_length=60)] = ""
    per_diem_account: Annotated[Line, Field(max_length=40)] = ""
    cost_account: Annotated[Line, Field(max_length=40)] = ""
    bank_account: Annotated[Line, Field(max_length=40)] = ""


class PayingAccountOut(BaseModel):
    """The same, its number masked."""

    holder: str
    iban: str
    bic: str
    columns: list[str]
    explanation: str
    per_diem_account: str
    cost_account: str
    bank_account: str

    @classmethod
    def of(cls, account: PayingAccount) -> "PayingAccountOut":
        return cls(
            holder=account.holder,
            iban=masked_account(account.iban),
            bic=account.bic,
            columns=account.columns,
            explanation=account.explanation,
            **{name: account.books.get(name, "") for name in ("per_diem_account", "cost_account", "bank_account")},
        )
