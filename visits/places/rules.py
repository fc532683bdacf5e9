"""What a place is, how far two are apart, and between which countries a border is controlled."""

import re
import unicodedata
from dataclasses import dataclass
from math import asin, cos, floor, radians, sin, sqrt

# Mean radius of the Earth by IUGG: what the Commission's figures agree with to a kilometre.
EARTH_KM = 6371.0088
# Without controls at inner borders, by land, sea and air since 2025-01-01.
SCHENGEN = frozenset({
    "AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IS", "IT", "LI", "LT", "LU",
    "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
# Letters that do not come apart into a letter and a mark.
_WHOLE = str.maketrans({
    "ı": "i", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ə": "e", "Ə": "E", "ħ": "h", "Ħ": "H",
})  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Somewhere people leave from or come to.

    `iata` is empty for what is no airport; `country` is ISO 3166-1 alpha-2, `zone` an IANA name, both empty where
    unknown; `position` is latitude and longitude in degrees.
    """

    name: str = ""
    iata: str = ""
    town: str = ""
    country: str = ""
    zone: str = ""
    position: tuple[float, float] | None = None
    is_closed: bool = False


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle between two positions on the sphere, in kilometres, not rounded."""
    north, east, other_north, other_east = map(radians, (*one, *other))
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def km_between(one: Place, other: Place) -> float | None:
    """The same of two places; None where the position of one is unknown."""
    if one.position is None or other.position is None:
        return None
    return distance_km(one.position, other.position)


def half_up(value: float) -> int:
    """Rounded to a whole number, a half upwards."""
    return floor(value + 0.5)


def is_schengen(country: str) -> bool:
    return country in SCHENGEN


def crosses_border(one: Place, other: Place) -> bool | None:
    """Whether a way leads into another country; None where that is not known."""
    return one.country != other.country if one.country and other.country else None


def enters_schengen(one: Place, other: Place) -> bool:
    return bool(one.country) and not is_schengen(one.country) and is_schengen(other.country)


def bare(text: str) -> str:
    """For comparing names of places: small letters without marks, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.translate(_WHOLE))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    return re.sub(r"[^\w]+|_", " ", plain).strip()


NOWHERE = Place()
