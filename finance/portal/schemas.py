"""What participants are told of their payment."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel

from core.money import Money
from finance.sheets.schemas import StatementOut
from finance.statements.rules import PersonStatement


class OwnPaymentOut(BaseModel):
    """What was paid, and when."""

    paid_on: date | None
    amount: str
    currency: str


class OwnStatementOut(StatementOut):
    """One's own statement: `prepared`, `submitted`, `approved` or `paid`, with the payments that were made."""

    currency: str
    state: str
    payments: list[OwnPaymentOut]

    @classmethod
    def told(
        cls, one: PersonStatement, state: str, payments: Sequence[tuple[date | None, Money]], language: str
    ) -> "OwnStatementOut":
        paid = [
            OwnPaymentOut(paid_on=day, amount=str(amount.amount), currency=amount.currency) for day, amount in payments
        ]
        said = StatementOut.of(one, language).model_dump()
        return cls(**said, currency=one.currency, state=state, payments=paid)
