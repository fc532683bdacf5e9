"""Public holidays, country by country, as the `holidays` library knows them.

Its tables are loaded when the first day is asked for. Days that hang on a sighting of the moon are those computed in
advance; a year later the library may know better.
"""

from datetime import date
from functools import cache

import holidays


@cache
def _known(country: str, category: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country, categories=category)
    except (NotImplementedError, ValueError):  # no such country, or none of its holidays are of this kind
        return None


def is_public_holiday(day: date, country: str) -> bool:
    """Whether the whole country (ISO 3166, two letters) has this day off. Holidays of one region are none here, and a
    country that the library does not know has none."""
    known = _known(country, holidays.PUBLIC)
    return known is not None and day in known


def is_half_holiday(day: date, country: str) -> bool:
    """Whether the country has the afternoon of this day off, as Türkiye has on the eve of its feasts."""
    known = _known(country, holidays.HALF_DAY)
    return known is not None and day in known
