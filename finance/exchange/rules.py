"""Which exchange rate counts for two currencies and a day. Pure.

A rate is a pair of exact decimals: so many units of a currency are so much of the source's own currency. The European
Central Bank and InforEuro tell units for one euro, Türkiye's central bank tells lira for one unit or a hundred.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from core.errors import N_
from core.written import currency_written, day_written, number_written
from directory.imports.rules import ListField


class ExchangeSource(StrEnum):
    """Who tells the rates. The central bank of Türkiye has two for selling: on account (döviz) and in notes
    (efektif)."""

    ecb = "ecb"
    inforeuro = "inforeuro"
    tcmb_selling = "tcmb_selling"
    tcmb_banknote = "tcmb_banknote"
    none = "none"


EXCHANGE_SOURCES = {
    ExchangeSource.none: N_("Nothing is converted"),
    ExchangeSource.ecb: N_("European Central Bank, reference rates of the day"),
    ExchangeSource.inforeuro: N_("InforEuro, monthly rates of the European Commission"),
    ExchangeSource.tcmb_selling: N_("Central Bank of Türkiye, exchange selling"),
    ExchangeSource.tcmb_banknote: N_("Central Bank of Türkiye, banknote selling"),
}
# What a list can be of.
LISTED = [one for one in ExchangeSource if one is not ExchangeSource.none]
MONTHLY = frozenset({ExchangeSource.inforeuro})


class ExchangeDay(StrEnum):
    """Which day's rate counts."""

    month_of_event_end = "month_of_event_end"
    event_end = "event_end"
    submission = "submission"


EXCHANGE_DAYS = {
    ExchangeDay.month_of_event_end: N_("The month of the event’s last day"),
    ExchangeDay.event_end: N_("The event’s last day"),
    ExchangeDay.submission: N_("The day on which the sheet is submitted"),
}
# On a day without a rate that of the last working day before counts; a week has one, whatever the holidays.
LOOK_BACK = timedelta(days=7)


def base_of(source: ExchangeSource) -> str:
    """The currency in which a source tells its rates."""
    is_turkish = source in (ExchangeSource.tcmb_selling, ExchangeSource.tcmb_banknote)
    return "TRY" if is_turkish else "EUR"


def day_that_counts(rule: ExchangeDay, *, event_end: date, submitted: date) -> date:
    """The day whose rate is looked up. Of a month it is the first: a monthly rate holds from then, of daily ones it is
    the rate that was known when the month began."""
    days = {
        ExchangeDay.month_of_event_end: event_end.replace(day=1),
        ExchangeDay.event_end: event_end,
        ExchangeDay.submission: submitted,
    }
    return days[rule]


@dataclass(frozen=True)
class ToldRate:
    """`units` of a currency are `amount` of the source's own. With a last day it holds from one to the other (both
    belong to it), else it is that of its day."""

    currency: str
    units: Decimal
    amount: Decimal
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        last = self.valid_to or self.valid_from + LOOK_BACK
        return self.valid_from <= day <= last


@dataclass(frozen=True)
class FoundExchange:
    """An amount × `factor` ÷ `divisor` is the amount in the other currency, to be rounded once. `day` is the day of the
    rate: the older one where two were needed."""

    factor: Decimal
    divisor: Decimal
    source: ExchangeSource
    day: date


@dataclass(frozen=True)
class ExchangeRates:
    """All rates of one source that a project may use: those that were imported, and what `reference` tells of a
    currency and a day."""

    source: ExchangeSource
    rates: Sequence[ToldRate] = ()
    reference: Callable[[str, date], ToldRate | None] | None = None

    @cached_property
    def by_currency(self) -> Mapping[str, Sequence[ToldRate]]:
        """By currency, from the oldest to the newest."""
        found: dict[str, list[ToldRate]] = defaultdict(list)
        for rate in sorted(self.rates, key=lambda one: one.valid_from):
            found[rate.currency].append(rate)
        return dict(found)

    def told(self, currency: str, day: date) -> ToldRate | None:
        """The rate of a currency that holds on a day: of a day without one the last before, within a week."""
        if currency == base_of(self.source):
            return ToldRate(currency, Decimal(1), Decimal(1), day)
        rates = self.by_currency.get(currency, ())
        at = bisect_right(rates, day, key=lambda one: one.valid_from)
        imported = next((one for one in reversed(rates[:at]) if one.holds(day)), None) if at else None
        known = self.reference(currency, day) if self.reference else None
        found = [one for one in (known, imported) if one]
        return max(found, key=lambda one: one.valid_from, default=None)


def find_exchange(rates: ExchangeRates, currency: str, into: str, day: date) -> FoundExchange | None:
    """What turns a currency into another one on a day, both by the same source; None where one of the two has no rate.

    From one euro's worth of both: 100 TRY in USD are 100 × (USD for a euro) ÷ (TRY for a euro).
    """
    if currency == into:
        return FoundExchange(Decimal(1), Decimal(1), rates.source, day)
    one, other = rates.told(currency, day), rates.told(into, day)
    if one is None or other is None:
        return None
    days = [told.valid_from for told in (one, other) if told.currency != base_of(rates.source)]
    return FoundExchange(one.amount * other.units, one.units * other.amount, rates.source, min(days))


def monthly_per_euro(
    rates: ExchangeRates, months: Iterable[str], currencies: Iterable[str]
) -> dict[tuple[str, str], str]:
    """Units of a currency for one euro by currency and month ("2026-03"), as `finance.rules.actuals.MonthlyRates` takes
    them: of daily rates that of the first day of the month. Only where the source tells it exactly."""
    found: dict[tuple[str, str], str] = {}
    wanted = sorted(set(currencies) - {"EUR"})
    for month in sorted(set(months)):
        first = date.fromisoformat(f"{month}-01")
        for currency in wanted:
            exchange = find_exchange(rates, "EUR", currency, first)
            if exchange is not None and exchange.divisor == 1:
                found[currency, month] = f"{exchange.factor:f}"
    return found


def last_day_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_or_day_written(text: str) -> str:
    """A day, or a month (2026-03, 03/2026, 03.2026), which is its first."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        return day_written(text)
    year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return day_written(f"{year}-{month:0>2}-01")


_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[./-](\d{4})")


def _field(label: str, headings: tuple[str, ...], check: object, pattern: str = "") -> ListField:
    return ListField(label, headings, pattern, TypeAdapter(Annotated[str, AfterValidator(check)]))


FIELDS = {
    "currency": _field(
        N_("Currency"),
        ("currency", "currency code", "iso a3 code", "isoa3code", "currency iso", "doviz kodu", "para birimi", "kod"),
        currency_written,
        r"\b(iso code|doviz kodu|para birimi|currency code)\b",
    ),
    "units": _field(N_("Units"), ("unit", "units", "birim"), number_written),
    "value": _field(N_("Exchange rate"), ("value", "rate", "exchange rate", "kur", "deger", "amount"), number_written),
    "selling": _field(
        N_("Exchange selling"),
        ("selling", "forex selling", "exchange selling", "doviz satis"),
        number_written,
        r"\b(doviz satis|forex selling)\b",
    ),
    "banknote": _field(
        N_("Banknote selling"),
        ("banknote selling", "efektif satis"),
        number_written,
        r"\b(efektif satis|banknote selling)\b",
    ),
    "valid_from": _field(
        N_("Day or month"),
        ("date", "day", "month", "tarih", "gun", "ay", "valid from", "date start", "datestart", "gecerlilik"),
        month_or_day_written,
    ),
    "valid_to": _field(N_("Valid to"), ("valid to", "valid until", "date end", "dateend", "bitis"), day_written),
}


def has_exchange_rates(fields: Container[str]) -> bool:
    """Whether these columns make a list of exchange rates."""
    return "currency" in fields and any(name in fields for name in ("value", "selling", "banknote"))


def told_rate(values: Mapping[str, str], source: ExchangeSource, day: date | None) -> ToldRate | None:
    """A line as a rate of the source; None where it tells none. Without a day of its own it is that of `day`. InforEuro
    tells units for one euro, for a month; the central bank of Türkiye lira for so many units."""
    own = {ExchangeSource.tcmb_selling: "selling", ExchangeSource.tcmb_banknote: "banknote"}.get(source, "")
    value = values.get(own) or values.get("value")
    since = date.fromisoformat(values["valid_from"]) if values.get("valid_from") else day
    if not value or since is None:
        return None
    last = date.fromisoformat(values["valid_to"]) if values.get("valid_to") else None
    if source in MONTHLY:
        since = since if last else since.replace(day=1)
        last = last or last_day_of_month(since)
    number, units = Decimal(value), Decimal(values.get("units") or 1)
    if base_of(source) == "EUR":
        return ToldRate(values["currency"], number, units, since, last)
    return ToldRate(values["currency"], units, number, since, last)
