"""Actual costs on receipts, up to ceilings. Pure.

A receipt needs date, amount, currency and kind, else it stays open. It is converted once, at the rate of its own
month or of the one month that a project takes for all; without that rate it is open. Ceilings of a kind, for a day or
the whole trip, apply after conversion; what exceeds them is cut from the later receipt. (InforEuro: units of a
currency for one euro.)
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import Mission, PaidReceipt, PayPlace
from finance.rules.lines import ZERO, Computation, LineHead, OpenLine, PayLine, computation, rounded


@dataclass(frozen=True)
class CostCeiling:
    """The most that is paid for a kind (empty: all together) on a day or the trip, in the currency of payment."""

    kind: str
    amount: Decimal
    is_daily: bool


@dataclass(frozen=True)
class MonthlyRates:
    """Units of a currency for one euro, by month ("2026-03"), as they were told: "49.8100"."""

    per_euro: Mapping[tuple[str, str], str]

    def find(self, currency: str, month: str) -> str | None:
        return "1" if currency == "EUR" else self.per_euro.get((currency, month))


NO_RATES = MonthlyRates({})
# By ceiling, and by day where it is one of a day.
Spent = dict[tuple[CostCeiling, date | None], Decimal]


def receipts_up_to_ceilings(
    mission: Mission,
    _rates: DatedRates,
    *,
    currency: str = "EUR",
    ceilings: Sequence[CostCeiling] = (),
    exchange: MonthlyRates = NO_RATES,
    fx_month: str = "",
) -> Computation:
    """One line for each receipt, by date; those of one date in their order."""
    found: list[PayLine | OpenLine] = []
    spent: Spent = defaultdict(Decimal)
    for receipt in sorted(mission.receipts, key=lambda one: one.day or date.max):
        line = _converted(receipt, currency, exchange, fx_month)
        found.append(_cut(line, receipt, ceilings, spent) if isinstance(line, PayLine) else line)
    return computation(currency, found)


def _converted(receipt: PaidReceipt, currency: str, exchange: MonthlyRates, fx_month: str) -> PayLine | OpenLine:
    missing = receipt.missing or _missing(receipt)
    if missing or receipt.day is None or receipt.amount is None:
        return OpenLine(receipt.day, missing)
    # A receipt's kind stands where other lines have their place.
    head = LineHead("receipt", receipt.day, PayPlace(receipt.kind), currency)
    if receipt.currency == currency:
        return head.paid(None, "1", receipt.amount)
    month = fx_month or f"{receipt.day:%Y-%m}"
    rates = [exchange.find(one, month) for one in (receipt.currency, currency)]
    for one, rate in zip((receipt.currency, currency), rates, strict=True):
        if rate is None:
            return OpenLine(receipt.day, "rate", f"{one} {month}")
    said = [rate for one, rate in zip((receipt.currency, currency), rates, strict=True) if rate and one != "EUR"]
    amount = receipt.amount / Decimal(rates[0] or 1) * Decimal(rates[1] or 1)
    line = replace(head.paid(None, "1", amount), converted_at="/".join(said))
    return line.by(
        "converted", bill=receipt.amount, of=receipt.currency, divisor=rates[0] or "1", factor=rates[1] or "1"
    )


def _missing(receipt: PaidReceipt) -> str:
    is_there = {
        "date": receipt.day is not None,
        "amount": receipt.amount is not None and receipt.amount >= 0,
        "currency": receipt.currency,
        "kind": receipt.kind,
    }
    return next((name for name, there in is_there.items() if not there), "")


def _cut(
    line: PayLine,
    receipt: PaidReceipt,
    ceilings: Sequence[CostCeiling],
    spent: Spent,
) -> PayLine:
    limits = [(one, line.day if one.is_daily else None) for one in ceilings if one.kind in ("", receipt.kind)]
    left = [max(ZERO, rounded(one.amount, line.currency) - spent[one, day]) for one, day in limits]
    paid = min([line.amount, *left])
    for limit in limits:
        spent[limit] += paid
    if paid == line.amount:
        return line
    cut = replace(line, gross=paid, amount=paid, reason="ceiling")
    if line.formula == "converted":
        return cut.by("converted_bill", **line.numbers, converted=line.amount, ceiling=paid)
    return cut.by("bill", bill=line.amount, ceiling=paid)
