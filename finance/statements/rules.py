"""One person's statement: lines of all kinds, their conversion, what was paid before, and what is left. Pure.

A statement is in the currency of payment; its lines are in the currencies of their rates. The total of each is
converted once, never its lines (`finance.rules.settlement.due`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from finance.rules.lines import ZERO, OpenLine, PayLine
from finance.rules.settlement import due

# Lines of these kinds are costs on documents, not per diems.
RECEIPT, UNIT_COST = "receipt", "unit_cost"
MEAL_COMPONENTS = ("breakfast", "lunch", "dinner")


@dataclass(frozen=True)
class ConvertedTotal:
    """All that was earned in one currency, converted once: × `factor` ÷ `divisor`, both units for one euro, by a
    `source` of a `day`. In the currency of payment itself both are one and there is no source."""

    currency: str
    total: Decimal
    converted: Decimal
    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    source: str = ""
    day: date | None = None


@dataclass(frozen=True)
class StatementAdjustment:
    """What finance adds or takes off by hand, in the currency of payment, and why."""

    amount: Decimal
    reason: str


@dataclass(frozen=True)
class PersonStatement:
    """What one person gets of one event in one currency of payment.

    `earlier` is what approved sheets gave before, `advances` what was paid out already, both in that currency. While a
    line is open there is no total.
    """

    registration_id: UUID
    person_id: UUID
    name: str
    institution: str
    currency: str
    rule_set: str
    rule_version: int = 1
    institution_id: UUID | None = None
    grade: str = ""
    is_cash: bool = False
    lines: Sequence[PayLine] = ()
    open: Sequence[OpenLine] = ()
    totals: Sequence[ConvertedTotal] = ()
    adjustments: Sequence[StatementAdjustment] = ()
    advances: Decimal = ZERO
    earlier: Decimal = ZERO
    # Why a currency could not be converted; then the statement is open too.
    without_exchange: Sequence[str] = field(default=())

    @property
    def is_open(self) -> bool:
        return bool(self.open or self.without_exchange)

    @property
    def per_diems(self) -> list[PayLine]:
        return [line for line in self.lines if line.kind not in (RECEIPT, UNIT_COST)]

    @property
    def costs(self) -> list[PayLine]:
        """Receipts and unit costs."""
        return [line for line in self.lines if line.kind in (RECEIPT, UNIT_COST)]

    @property
    def units(self) -> int:
        """Nights, days or periods that pay."""
        return sum(line.amount > 0 or bool(line.deductions) for line in self.per_diems)

    def gross(self, currency: str) -> Decimal:
        """Of the lines in that currency, before anything comes off."""
        return sum((line.gross for line in self.lines if line.currency == currency), ZERO)

    def deducted(self, currency: str, components: Sequence[str]) -> Decimal:
        """What came off the lines in that currency for these components."""
        mine = (line.deductions for line in self.lines if line.currency == currency)
        return sum((deductions.get(name, ZERO) for deductions in mine for name in components), ZERO)

    @property
    def adjusted(self) -> Decimal:
        return sum((one.amount for one in self.adjustments), ZERO)

    @property
    def earned(self) -> Decimal | None:
        """Converted totals with adjustments, never below nothing; None while something is open."""
        if self.is_open:
            return None
        return max(ZERO, sum((one.converted for one in self.totals), ZERO) + self.adjusted)

    @property
    def balance(self) -> Decimal | None:
        """What is left of it after what was paid before and advances; below zero it is to be returned."""
        return None if self.earned is None else self.earned - self.earlier - self.advances

    @property
    def to_pay(self) -> Decimal | None:
        return None if self.balance is None else max(ZERO, self.balance)

    @property
    def to_return(self) -> Decimal | None:
        return None if self.balance is None else max(ZERO, -self.balance)


def converted(
    currency: str, total: Decimal, pay_currency: str, factor: Decimal, divisor: Decimal, source: str, day: date | None
) -> ConvertedTotal:
    """A total converted and rounded once."""
    found = due([total], currency=currency, pay_currency=pay_currency, factor=factor, divisor=divisor)
    return ConvertedTotal(currency, total, found.converted_total, factor, divisor, source, day)
