"""From lines to what is paid: one person's total converted once, then advances. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.rules.lines import ZERO, rounded


@dataclass(frozen=True)
class DueAmount:
    """In the currency of payment. Of `to_pay` and `to_return` one is zero."""

    converted_total: Decimal
    to_pay: Decimal
    to_return: Decimal


def due(
    amounts: Sequence[Decimal],
    *,
    currency: str,
    pay_currency: str,
    factor: Decimal = Decimal(1),
    divisor: Decimal = Decimal(1),
    advances: Sequence[Decimal] = (),
) -> DueAmount:
    """The sum is converted and rounded once (× `factor` ÷ `divisor`), never its lines; advances come off then.

    `factor` are units of the currency of payment for one euro, `divisor` those of the lines' currency; neither is
    needed where both are one.
    """
    total = sum(amounts, ZERO)
    converted = total if currency == pay_currency else total * factor / divisor
    converted = rounded(converted, pay_currency)
    left = converted - rounded(sum(advances, ZERO), pay_currency)
    return DueAmount(converted, max(ZERO, left), max(ZERO, -left))
