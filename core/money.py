"""Exact money: Decimal with an ISO 4217 code in code, integer minor units in the database."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Self

from babel.core import get_global
from babel.numbers import get_currency_precision

CURRENCIES = frozenset(get_global("all_currencies"))


def is_currency(code: str) -> bool:
    return code in CURRENCIES


@lru_cache(maxsize=512)
def smallest_unit(currency: str) -> Decimal:
    """One cent of the currency, as a Decimal (0.01 for EUR, 1 for JPY)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


@dataclass(frozen=True, order=False)
class Money:
    """An amount in one currency. Never mixes currencies, never rounds on its own."""

    amount: Decimal
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(Decimal(0), currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Self:
        """From the database's integer minor units."""
        return cls(Decimal(minor).scaleb(-get_currency_precision(currency)), currency)

    @property
    def minor(self) -> int:
        """Integer minor units; refuses an amount finer than the currency's smallest unit."""
        scaled = self.amount.scaleb(get_currency_precision(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.amount} {self.currency} is finer than its smallest unit")
        return int(scaled)

    def rounded(self) -> "Money":
        """Half up to the smallest unit."""
        unit = smallest_unit(self.currency)
        return Money(self.amount.quantize(unit, ROUND_HALF_UP), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other
