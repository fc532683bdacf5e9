"""A row of a rate table as somebody sends it."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from core.codes import Country
from core.columns import folded
from core.documents.tables import Line
from core.errors import N_, Unacceptable
from core.i18n import LANGUAGES, country_codes, words
from core.money import Money, is_currency, smallest_unit
from core.text import DecimalText, wrong
from core.text import Line as LineText
from directory.imports.rules import ListField, find_layout
from events.programme.events.schemas import Day
from finance.rates.rules import Rate

FIELDS = {
    "country": ListField(N_("Country"), ("country", "ulke", "country code", "ulke kodu"), r"\b(ulke|country)\b"),
    "city": ListField(N_("City"), ("city", "place", "sehir", "yer"), r"\b(sehir|city)\b"),
    "amount": ListField(
        N_("Daily amount"),
        ("amount", "rate", "tutar", "gundelik", "daily amount"),
        r"\b(tutar|amount|gundelik|harcirah)\b",
    ),
    "currency": ListField(N_("Currency"), ("currency", "para birimi", "doviz"), r"\b(para birimi|currency|doviz)\b"),
    "valid_from": ListField(
        N_("Valid from"), ("valid from", "gecerlilik", "baslangic"), r"\b(valid from|gecerli|yururluk|effective)\w*\b"
    ),
    "source": ListField(N_("Source"), ("source", "kaynak", "dayanak"), r"\b(source|kaynak|dayanak)\b"),
}
_NEEDED = {"country", "amount", "currency", "valid_from", "source"}
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


def _currency(code: str) -> str:
    if not is_currency(code):
        raise wrong(N_("“%(code)s” is not a currency code. Example: EUR."), code=code)
    return code


class RateIn(BaseModel):
    """One row of a rate table."""

    country: Country
    city: Annotated[LineText, Field(max_length=80)] = ""
    amount: Annotated[Decimal, DecimalText, Field(gt=0, max_digits=8, allow_inf_nan=False)]
    currency: Annotated[str, AfterValidator(_currency)]
    valid_from: Day
    source: Annotated[LineText, Field(min_length=3, max_length=300)]

    def to_rate(self) -> Rate:
        if self.amount % smallest_unit(self.currency):
            raise Unacceptable("file", N_("An amount is finer than the smallest unit of its currency."))
        return Rate(self.country, self.city, Money(self.amount, self.currency), self.valid_from, self.source)


def read_rates(lines: Sequence[Line]) -> list[Rate]:
    """All rates of a sheet, or Unacceptable naming the first line that is wrong: half a rate table is none.

    Headings may stand below a title, in Turkish or English; countries may be named; a day may read 01.01.2026.
    """
    layout = find_layout(lines, FIELDS, lambda found: all(name in found for name in _NEEDED))
    if layout is None:
        raise Unacceptable(
            "file",
            N_("The headings have to name the columns country, city, amount, currency, valid_from and source."),
        )
    rates: list[Rate] = []
    seen: set[tuple[str, str, date]] = set()
    for line in lines:
        raw = {layout.columns[i]: c.text for i, c in enumerate(line.cells) if i in layout.columns and c.text}
        if line.number <= layout.heading or not raw:
            continue
        rate = _read(line.number, raw)
        key = (rate.country, rate.city, rate.valid_from)
        if key in seen:
            raise Unacceptable(
                "file", N_("Line %(line)s repeats a place and date. Nothing was imported."), line=line.number
            )
        seen.add(key)
        rates.append(rate)
    if not rates:
        raise Unacceptable("file", N_("This file is empty."))
    return rates


def _read(number: int, raw: dict[str, Any]) -> Rate:
    raw["country"] = country_named(raw.get("country", ""))
    dotted = _DOTTED.fullmatch(raw.get("valid_from", ""))
    if dotted:
        day, month, year = dotted.groups()
        raw["valid_from"] = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return RateIn.model_validate(raw).to_rate()
    except ValidationError as error:
        fields = ", ".join(str(found["loc"][0]) for found in error.errors())
        raise Unacceptable(
            "file",
            N_("Line %(line)s: please check %(fields)s. Nothing was imported."),
            line=number,
            fields=fields,
        ) from None


def country_named(text: str) -> str:
    """The code of a country that is named in Turkish or English; what is no such name comes back as it is."""
    return _country_names().get(folded(text), text)


@cache
def _country_names() -> dict[str, str]:
    return {folded(words(language).country(code)): code for language in LANGUAGES for code in country_codes()}


class RateTableOut(BaseModel):
    """An imported table and how it differs from the one before."""

    id: UUID
    name: str
    summary: dict[str, int]
