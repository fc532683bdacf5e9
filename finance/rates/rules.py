"""What a rate is, which one holds for a place and a day, and what differs between two lists. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.money import Money


@dataclass(frozen=True)
class Rate:
    """The daily amount of a place from a date on; an empty city means the whole country."""

    country: str
    city: str
    amount: Money
    valid_from: date
    source: str


def difference(before: Sequence[Rate], after: Sequence[Rate]) -> dict[str, int]:
    """How many rates are new, changed and gone, against the table in force."""
    old = {(r.country, r.city, r.valid_from): r.amount for r in before}
    new = {(r.country, r.city, r.valid_from): r.amount for r in after}
    return {
        "new": len(new.keys() - old.keys()),
        "changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
        "gone": len(old.keys() - new.keys()),
    }


@dataclass(frozen=True)
class PlaceRate:
    """One row of a rate table with all its amounts: `amount` itself, and what its set has beside it (`partial`,
    `overnight`, `hotel_ceiling`, a meal's own …).

    An empty country is any place, `ZZ` every country that has no row; an empty city the whole country; an empty grade
    everybody. Without dates it always holds; both dates belong to it.
    """

    country: str
    amounts: Mapping[str, Decimal]
    city: str = ""
    grade: str = ""
    currency: str = "EUR"
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def holds(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class RateLevel(StrEnum):
    """Why a row was taken."""

    city = "city"
    country = "country"
    mother_country = "mother_country"
    other_countries = "other_countries"


@dataclass(frozen=True)
class FoundRate:
    """The row that holds for a place on a day, and why it is this one."""

    row: PlaceRate
    level: RateLevel

    @property
    def amount(self) -> Decimal:
        return self.row.amounts["amount"]

    def get(self, name: str) -> Decimal | None:
        return self.row.amounts.get(name)


OTHER_COUNTRIES = "ZZ"
# Which of these letters an alphabet writes differently must not decide about a city: İzmir and Izmir are one.
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "ß": "ss", "đ": "d"})


def plain_city(name: str) -> str:
    """For comparison: without case, accents, marks and double spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return " ".join("".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one)).split())


@dataclass(frozen=True)
class DatedRates:
    """Rows of all lists that there are, newer beside older ones, and the scope by which one is picked.

    With a `contract_date` that day picks the list for the whole journey, else each line's own day does. `grade` is the
    person's. `other` is the country whose row stands in where the table has no row for other countries, `mothers` name
    the country that an overseas part belongs to.
    """

    rows: Sequence[PlaceRate]
    contract_date: date | None = None
    grade: str = ""
    other: str = ""
    mothers: Mapping[str, str] = field(default_factory=dict)

    def find(self, country: str, city: str, day: date) -> FoundRate | None:
        """City, country, mother country, other countries: the first that has a row in force; of several the latest."""
        wanted = [
            (RateLevel.city, country, city),
            (RateLevel.country, country, ""),
            (RateLevel.mother_country, self.mothers.get(country, ""), ""),
            (RateLevel.other_countries, OTHER_COUNTRIES, ""),
            (RateLevel.other_countries, self.other, ""),
        ]
        for level, of, town in wanted:
            if level is RateLevel.country or (of and (town or level is not RateLevel.city)):
                row = self._latest(of, town, self.contract_date or day)
                if row:
                    return FoundRate(row, level)
        return None

    def _latest(self, country: str, city: str, day: date) -> PlaceRate | None:
        fitting = [
            row
            for row in self.rows
            if row.country in ("", country)
            and plain_city(row.city) == plain_city(city)
            and row.grade in ("", self.grade)
            and row.holds(day)
        ]
        return max(
            fitting, key=lambda row: (row.country != "", row.grade != "", row.valid_from or date.min), default=None
        )
