"""Amounts, days and currencies as people write them in lists, Turkish or English."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BeforeValidator

from core.errors import N_
from core.money import Money, is_currency
from core.text import wrong

MOST = Decimal(100_000_000)
_CURRENCIES = {"TL": "TRY", "₺": "TRY", "€": "EUR", "EURO": "EUR", "AVRO": "EUR", "$": "USD", "£": "GBP"}
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")


def amount_written(text: str) -> str:
    """An amount as a decimal: 1.234,56 and 1,234.56 and 1 234.56 are one. What could be read in two ways is refused."""
    plain = re.sub(r"[\s ’']", "", text).removesuffix("%")
    marks = [one for one in plain if one in ".,"]
    if _GROUPED.fullmatch(plain) and len(marks) == 1 and not plain.startswith("0"):
        raise wrong(N_("“%(written)s” can be read in two ways. Please write 1234 or 1234,00."), written=text)
    if _GROUPED.fullmatch(plain) and len(marks) > 1:
        decimals = marks[-1] if marks[-1] != marks[0] else ""
        whole, _, part = plain.rpartition(decimals) if decimals else (plain, "", "")
        plain = re.sub("[.,]", "", whole) + ("." + part if part else "")
    elif not _PLAIN.fullmatch(plain):
        raise wrong(N_("“%(written)s” is no amount. Example: 234,50."), written=text)
    amount = Decimal(plain.replace(",", "."))
    if not 0 < amount < MOST:
        raise wrong(N_("“%(written)s” is no amount. Example: 234,50."), written=text)
    return f"{amount:f}"


def number_written(text: str) -> str:
    """A number of any exactness, as an exchange rate is: a lone mark is that of the decimals, 1.234 is below two."""
    plain = re.sub(r"[\s ’']", "", text)
    is_plain = _PLAIN.fullmatch(plain) is not None
    number = plain.replace(",", ".") if is_plain else amount_written(text)
    if not 0 < Decimal(number) < MOST or len(number) > 30:
        raise wrong(N_("“%(written)s” is no number. Example: 49,8100."), written=text)
    return number


def day_written(text: str) -> str:
    """A day as 2026-01-31; 31.01.2026 and 31/01/2026 are read too."""
    iso, dotted = _DAY.fullmatch(text.strip()), _DOTTED.fullmatch(text.strip())
    year, month, day = iso.groups() if iso else reversed(dotted.groups()) if dotted else ("0", "0", "0")
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        found = date.min
    if not 1990 <= found.year <= 2100:
        raise wrong(N_("“%(written)s” is no day. Example: 31.01.2026."), written=text)
    return found.isoformat()


def _by_its_code(written: Any) -> Any:
    return _CURRENCIES.get(written.strip().upper(), written) if isinstance(written, str) else written


# Before what a field of a form asks of a code.
CurrencyText = BeforeValidator(_by_its_code)


def currency_written(text: str) -> str:
    """The code of a currency; TL and € are codes to a reader."""
    code = _CURRENCIES.get(text.strip().upper(), text.strip().upper())
    if not is_currency(code):
        raise wrong(N_("“%(code)s” is not a currency code. Example: EUR."), code=text)
    return code


FRACTION = N_("Please write an amount without fractions of the smallest coin, like 1234,50.")


def must_be_whole(amount: Decimal | None, currency: str | None) -> None:
    """Raises a validation error for an amount with fractions of its currency's smallest coin."""
    if amount is not None and currency and Money(amount, currency).rounded().amount != amount:
        raise wrong(FRACTION, beside="amount")
