"""Towns by any of their names. From GeoNames (https://www.geonames.org, CC BY 4.0), by building.py.

34,006 towns of 15,000 people and more; read when first asked for.
"""

import lzma
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from visits.places.building import FILE
from visits.places.rules import Place, bare


@dataclass(frozen=True)
class Town:
    """`thousands` of people live there."""

    name: str
    country: str
    thousands: int
    zone: str
    position: tuple[float, float]

    @property
    def place(self) -> Place:
        return Place(self.name, "", self.name, self.country, self.zone, self.position)


@cache
def _lines() -> Sequence[str]:
    return lzma.decompress(FILE.read_bytes()).decode().splitlines()


@cache
def _named() -> Mapping[str, Sequence[int]]:
    """Lines of the file by name. Towns are made of them when asked for: making all takes most of a second."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(_lines()):
        name, _, rest = line.partition("\t")
        for one in {bare(name), *rest.rpartition("\t")[2].split(",")}:
            found.setdefault(one, []).append(number)
    return found


@cache
def _town(number: int) -> Town:
    name, country, thousands, zone, north, east, _ = _lines()[number].split("\t")
    return Town(name, country, int(thousands), zone, (float(north), float(east)))


def towns_named(name: str, country: str = "") -> Sequence[Town]:
    """Towns of that name in any spelling (Wien, Vienna, Viyana), the largest first."""
    wanted = bare(name)
    there = [_town(number) for number in _named().get(wanted, ())] if wanted else []
    return sorted((town for town in there if not country or town.country == country), key=lambda town: -town.thousands)


@cache
def _sorted_names() -> Sequence[str]:
    return sorted(_named())


def towns_beginning(text: str, most: int = 12) -> Sequence[Town]:
    """Towns with a name that begins so, in any spelling, the largest first."""
    wanted, names = bare(text), _sorted_names()
    if len(wanted) < 2:
        return []
    first = bisect_left(names, wanted)
    # Of so many names the largest towns; longer beginnings have fewer.
    last = min(bisect_left(names, wanted + "\uffff"), first + 2000)
    numbers = {number for name in names[first:last] for number in _named()[name]}
    return sorted((_town(number) for number in numbers), key=lambda town: -town.thousands)[:most]


def town_named(name: str, country: str = "") -> Place | None:
    """The largest town of that name; of that country, where one is given."""
    found = towns_named(name, country)
    return found[0].place if found else None


@cache
def _zones() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines():
        _, country, _, zone, *_ = line.split("\t")
        found.setdefault(country, set()).add(zone)
    return {country: frozenset(zones) for country, zones in found.items()}


def only_zone(country: str) -> str:
    """The zone of a country whose towns all have one; empty for others."""
    zones = _zones().get(country, frozenset())
    return next(iter(zones)) if len(zones) == 1 else ""
