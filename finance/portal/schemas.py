"""What participants are told of their payment."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import UploadFile
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.errors import N_
from core.money import Money
from core.text import Line, must_hold_letters, wrong
from finance.sheets.schemas import StatementOut
from finance.statements.rules import PersonStatement


def _written_name(text: str) -> str:
    return must_hold_letters(text) if text else text


def _confirmed(text: str) -> str:
    if text != "yes":
        raise wrong(N_("Please confirm that you have received the amount."))
    return text


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


class SignatureIn(BaseModel):
    """That the amount was received, and the name of who signs, where they write it in place of drawing."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=120), AfterValidator(_written_name)] = ""
    confirms: Annotated[str, AfterValidator(_confirmed), Field(description="`yes`: the amount was received.")]


class SignedIn(SignatureIn):
    """A signature with what was drawn."""

    file: UploadFile | None = None
