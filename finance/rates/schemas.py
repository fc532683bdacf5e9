"""A row of a rate table as somebody sends it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from core.codes import Country
from core.columns import folded
from core.documents.tables import Cell
from core.errors import N_, Unacceptable
from core.money import Money, is_currency, smallest_unit
from core.text import DecimalText, Line, wrong
from events.programme.events.schemas import Day
from finance.rates.rules import Rate

_COLUMNS = {
    "country": "country",
    "ulke": "country",
    "city": "city",
    "sehir": "city",
    "amount": "amount",
    "tutar": "amount",
    "currency": "currency",
    "para birimi": "currency",
    "valid from": "valid_from",
    "valid_from": "valid_from",
    "gecerlilik": "valid_from",
    "source": "source",
    "kaynak": "source",
}


_NEEDED = {"country", "amount", "currency", "valid_from", "source"}


def _currency(code: str) -> str:
    if not is_currency(code):
        raise wrong(N_("“%(code)s” is not a currency code. Example: EUR."), code=code)
    return code


class RateIn(BaseModel):
    """One row of a rate table."""

    country: Country
    city: Annotated[Line, Field(max_length=80)] = ""
    amount: Annotated[Decimal, DecimalText, Field(gt=0, max_digits=8, allow_inf_nan=False)]
    currency: Annotated[str, AfterValidator(_currency)]
    valid_from: Day
    source: Annotated[Line, Field(min_length=3, max_length=300)]

    def to_rate(self) -> Rate:
        if self.amount % smallest_unit(self.currency):
            raise Unacceptable("file", N_("An amount is finer than the smallest unit of its currency."))
        return Rate(self.country, self.city, Money(self.amount, self.currency), self.valid_from, self.source)


def read_rates(table: Sequence[Sequence[Cell]]) -> list[Rate]:
    """All rows, or Unacceptable naming the first line that is wrong: half a rate table is none."""
    headings = [_COLUMNS.get(folded(cell.text), "") for cell in table[0]]
    if not set(headings) >= _NEEDED:
        raise Unacceptable(
            "file",
            N_("The first line has to name the columns country, city, amount, currency, valid_from and source."),
        )
    rates: list[Rate] = []
    seen: set[tuple[str, str, date]] = set()
    for number, cells in enumerate(table[1:], 2):
        raw: dict[str, Any] = {h: c.text for h, c in zip(headings, cells, strict=False) if h}
        try:
            rate = RateIn.model_validate(raw).to_rate()
        except ValidationError as error:
            fields = ", ".join(str(found["loc"][0]) for found in error.errors())
            raise Unacceptable(
                "file",
                N_("Line %(line)s: please check %(fields)s. Nothing was imported."),
                line=number,
                fields=fields,
            ) from None
        key = (rate.country, rate.city, rate.valid_from)
        if key in seen:
            raise Unacceptable("file", N_("Line %(line)s repeats a place and date. Nothing was imported."), line=number)
        seen.add(key)
        rates.append(rate)
    if not rates:
        raise Unacceptable("file", N_("This file is empty."))
    return rates


class RateTableOut(BaseModel):
    """An imported table and how it differs from the one before."""

    id: UUID
    name: str
    summary: dict[str, int]
