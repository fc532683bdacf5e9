"""Numbers spelled out, by the rules of the Unicode CLDR (ICU)."""

from decimal import Decimal
from functools import cache
from typing import Any

import icu
from babel.numbers import get_currency_name

from core.i18n import words
from core.money import smallest_unit

# What Turkish receipts say (Turkish Language Association); CLDR has the sign's name.
_NAMES = {("tr", "EUR"): "avro"}


@cache
def _spelling(language: str) -> Any:
    spelling: Any = icu
    return spelling.RuleBasedNumberFormat(spelling.URBNFRuleSetTag.SPELLOUT, spelling.Locale(language))


def amount_in_words(amount: Decimal, currency: str, language: str) -> str:
    """ "one hundred five euros 60/100": whole units in words, the rest as a fraction, as receipts and cheques have it.

    Never below zero.
    """
    say, unit = words(language), smallest_unit(currency)
    whole = int(amount)
    spelled = str(_spelling(say.language).format(whole))
    name = _NAMES.get((say.language, currency)) or get_currency_name(currency, count=whole, locale=say.locale)
    parts = int(1 / unit)
    rest = f" {int((amount - whole) / unit):0{len(str(parts)) - 1}}/{parts}" if parts > 1 else ""
    return f"{spelled} {name}{rest}"
