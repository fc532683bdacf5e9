"""Why a line is what it is, with its arithmetic, in the reader's language. All words of the rules stand here."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from core.errors import N_
from core.i18n import Words
from core.money import smallest_unit
from core.zones import zones_of_country
from finance.rates.rules import RateLevel
from finance.rules.lines import COMPONENTS, OpenLine, PayLine

COMPONENT_NAMES = {
    "bed": N_("bed"),
    "breakfast": N_("breakfast"),
    "lunch": N_("lunch"),
    "dinner": N_("dinner"),
}
SHARE_NAMES = {"full": N_("full rate"), "partial": N_("partial rate"), "none": N_("nothing")}
REASONS = {
    "personal": N_("Private time is not paid."),
    "vehicle": N_("A night on the way is not paid."),
    "home": N_("At home or at the place of duty nothing is paid."),
    "not_attended": N_("No signature on this day counts for it."),
    "under_5_hours": N_("Less than 5 hours away nothing is paid."),
    "up_to_6_hours": N_("Up to 6 hours away nothing is paid."),
    "up_to_8_hours": N_("Up to 8 hours away nothing is paid."),
    "under_10_hours": N_("A day trip of less than 10 hours is not paid."),
    "up_to_12_hours": N_("Up to 12 hours away nothing is paid."),
    "no_meal_time": N_("Away neither at 13:00 nor at 19:00 nor during the night."),
    "over_midnight": N_("Over midnight without lodging: one rate, on the day with the greater part."),
    "in_flight": N_("A whole day in the air takes the rate of Austria."),
    "at_sea": N_("A whole day at sea takes the rate of Luxembourg."),
    "higher_of_two_journeys": N_("Two journeys meet on this day: only the higher amount counts."),
    "ceiling": N_("More is not paid: this is the ceiling."),
    "below_40_percent": N_("The bill is not above %(share)s %% of the raised daily amount."),
    "provided": N_("The bed was provided."),
    "more_nights_than_meeting_days_plus_one": N_("At most one night more than meeting days is paid."),
    "after_three_months": N_("More than three months at one place are not paid."),
    "after_180_days": N_("More than 180 days in a year at one place are not paid."),
}
LEVELS = {
    RateLevel.city: N_("The city has its own rate."),
    RateLevel.country: N_("The rate of the country."),
    RateLevel.mother_country: N_("No rate of its own: the country that it belongs to."),
    RateLevel.other_countries: N_("No rate of its own: the one for other countries."),
}
MISSING = {
    "rate": N_("The rate of %(of)s is missing on %(day)s."),
    "absence": N_("When the person left and was back is not known, or it is the wrong way round."),
    "place": N_("The place of %(day)s is missing."),
    "date": N_("A receipt has no date."),
    "amount": N_("The receipt of %(day)s has no amount."),
    "currency": N_("The receipt of %(day)s has no currency."),
    "kind": N_("The receipt of %(day)s has no kind."),
    "file": N_("The receipt of %(day)s has no file."),
    "acceptance": N_("Nobody has decided on the receipt of %(day)s yet."),
    "cost": N_("What the organiser paid for %(of)s on %(day)s is missing."),
    "hotel ceiling": N_("The ceiling for hotels of %(of)s is missing on %(day)s."),
    "lodging": N_("The maximum for lodging of %(of)s is missing on %(day)s."),
    "lodging percentage": N_("What part of the daily amount a bed may cost is missing for %(day)s."),
    "partial rate": N_("The partial rate of %(of)s is missing on %(day)s."),
}
# Of a currency and a month, and of a receipt that lacks its date as well.
EXCHANGE_MISSING = N_(
    "For the receipt of %(day)s the exchange rate of %(of)s is missing, as it holds when the month begins."
)
MISSING_BESIDE_DATE = {
    "file": N_("A receipt has neither a date nor a file."),
    "acceptance": N_("A receipt has no date, and nobody has decided on it yet."),
}
RECEIVED = N_("received")
# Languages differ in which side of a number its sign stands.
NAME_AND_SHARE = N_("%(name)s %(share)s %%")
FORMULAS = {
    "bill": N_("%(bill)s, at most %(ceiling)s"),
    "bill_abroad": N_("70 %% × (%(bill)s − 40 %% × %(raised)s), at most %(ceiling)s"),
    "converted": N_("%(bill)s %(of)s ÷ %(divisor)s × %(factor)s"),
    "converted_bill": N_("%(bill)s %(of)s ÷ %(divisor)s × %(factor)s = %(converted)s, at most %(ceiling)s"),
}
# As in “The receipt of a day that is not known has no file.”
NO_DAY = N_("a day that is not known")
SOMETHING = N_("Something is missing on %(day)s.")
_MONTH = re.compile(r"\d{4}-\d{2}")


def explanation(line: PayLine, words: Words) -> str:
    """ "234.00 − bed 50 % 117.00 − breakfast 6 % 14.04 = 102.96", and the reasons for it."""
    said = [f"{_arithmetic(line, words)}."]
    if line.found is not None and line.gross:
        said.append(words.translate(LEVELS[line.found.level]))
    if line.reason in REASONS:
        said.append(words.translate(REASONS[line.reason], share=40))
    return " ".join(said)


def open_explanation(one: OpenLine, words: Words) -> str:
    if one.day is None and one.what in MISSING_BESIDE_DATE:
        return words.translate(MISSING_BESIDE_DATE[one.what])
    day = words.day(one.day) if one.day else words.translate(NO_DAY)
    code, _, month = one.of.partition(" ")
    if _MONTH.fullmatch(month):
        of = f"{code} ({words.month(date.fromisoformat(f'{month}-01'))})"
        return words.translate(EXCHANGE_MISSING, of=of, day=day)
    return words.translate(MISSING.get(one.what, SOMETHING), of=place_name(one.of, words), day=day)


@lru_cache(maxsize=4096)
def place_name(label: str, words: Words) -> str:
    """Of a line's place ("AT/Vienna"): the city, in that language where a zone has its name, and the country."""
    country, _, city = label.partition("/")
    zone = next((one for one in zones_of_country(country) if one.rpartition("/")[2].replace("_", " ") == city), "")
    return ", ".join(filter(None, [words.town(zone) or city, words.country(country)]))


def _arithmetic(line: PayLine, words: Words) -> str:
    places = -int(smallest_unit(line.currency).as_tuple().exponent)

    def number(amount: Decimal) -> str:
        return words.decimal(amount, places)

    terms = [_gross(line, number, words)]
    for name in COMPONENTS:
        if name in line.deductions:
            share = line.cut_shares.get(name)
            said = words.translate(COMPONENT_NAMES[name])
            if share is not None:
                said = words.translate(NAME_AND_SHARE, name=said, share=_percent(share, words))
            terms.append(f"− {said} {number(line.deductions[name])}")
    if line.received:
        terms.append(f"− {words.translate(RECEIVED)} {number(line.received)}")
    result = words.amount(line.amount, line.currency)
    if len(terms) == 1 and terms[0] == number(line.amount):
        return result
    return f"{' '.join(terms)} = {result}"


@lru_cache(maxsize=1024)
def _told(text: str, words: Words) -> str:
    """An exchange rate with all its digits, in the reader's marks; anything else as it is."""
    try:
        return words.exact(text)
    except InvalidOperation:
        return text


@lru_cache(maxsize=1024)
def _percent(share: Decimal, words: Words) -> str:
    return words.number(share * 100)


def _gross(line: PayLine, number: Callable[[Decimal], str], words: Words) -> str:
    """The rate and its share, or the formula where the gross is no product of them (a bill below its ceiling)."""
    if line.formula in FORMULAS and (line.gross or line.reason == "ceiling"):
        said = {
            name: number(one) if isinstance(one, Decimal) else _told(one, words) for name, one in line.numbers.items()
        }
        return words.translate(FORMULAS[line.formula], **said)
    if line.share in SHARE_NAMES:
        return f"{words.translate(SHARE_NAMES[line.share])} {number(line.gross)}"
    if line.rate is None or line.rate == line.gross:
        return number(line.gross)
    whole = Fraction(line.share) * Fraction(line.rate)
    is_product = abs(whole - Fraction(line.gross)) < Fraction(smallest_unit(line.currency))
    return f"{number(line.rate)} × {line.share}" if is_product else number(line.gross)
