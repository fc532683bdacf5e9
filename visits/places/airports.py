"""Airports by their IATA code: airportsdata (MIT), with what is wrong in it put right.

Where its list is wrong was found by comparing it with OurAirports (public domain), from which the right figures are.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import airportsdata

from visits.places.rules import Place, bare, distance_km

# Degrees and minutes of Belgium and Luxembourg were read as decimals; IST is where its terminal is.
_POSITIONS = {
    "BRU": (50.9014, 4.4844), "CRL": (50.4620, 4.4596), "LGG": (50.6386, 5.4439), "LUX": (49.6268, 6.2121),
    "OST": (51.1998, 2.8747), "ANR": (51.1907, 4.4632), "IST": (41.2749, 28.7321), "SOF": (42.6964, 23.4177),
    "OTP": (44.5718, 26.1033),
}  # fmt: skip
_ZONES = {"ECN": "Asia/Famagusta"}
# Old codes stand in old mails. ANK means the town; its flights leave from ESB.
RENAMED = {"KIV": "RMO", "TSE": "NQZ", "FRU": "BSZ", "ANK": "ESB"}
# Listed or not: no longer flown to, but named in mails of the time.
CLOSED = frozenset({"TXL", "ISL", "SXF", "THF", "PNH", "ADA"})
_GONE = {
    "PNH": Place("Phnom Penh International Airport", "PNH", "Phnom Penh", "KH", "Asia/Phnom_Penh", (11.5466, 104.8441)),
    "SXF": Place("Berlin Schönefeld", "SXF", "Berlin", "DE", "Europe/Berlin", (52.3800, 13.5225)),
    "THF": Place("Berlin Tempelhof", "THF", "Berlin", "DE", "Europe/Berlin", (52.4730, 13.4039)),
}
# Beside those that airportsdata has.
_CITIES = {
    "BER": {"BER", "TXL", "SXF", "THF"}, "LON": {"SEN"}, "PAR": {"BVA", "LBG"}, "MOW": {"ZIA"}, "STO": {"NYO", "VST"},
    "BUH": {"OTP", "BBU"}, "VCE": {"VCE", "TSF"}, "NYC": {"EWR"}, "WAS": {"BWI"}, "JNB": {"JNB"}, "PNH": {"PNH", "KTI"},
    "ADA": {"ADA", "COV"}, "TYO": set(), "ANK": {"ESB"}, "BRU": {"BRU", "CRL"}, "FRA": {"FRA", "HHN"},
    "DUS": {"DUS", "NRN"},
}  # fmt: skip
# Airports that carry the name of a town far away.
SERVED = {
    "BVA": ("Paris", (48.8534, 2.3488)), "CRL": ("Brussels", (50.8505, 4.3488)),
    "HHN": ("Frankfurt", (50.1155, 8.6842)), "NRN": ("Düsseldorf", (51.2217, 6.7762)),
    "TRF": ("Oslo", (59.9127, 10.7461)), "NYO": ("Stockholm", (59.3326, 18.0649)),
    "VST": ("Stockholm", (59.3326, 18.0649)), "FMM": ("Munich", (48.1374, 11.5755)),
}  # fmt: skip
# Farther apart two airports are not of one town, whatever their names.
_ONE_TOWN_KM = 100


@cache
def _listed() -> Mapping[str, Place]:
    found = {}
    for code, row in airportsdata.load("IATA").items():
        position = _POSITIONS.get(code, (row["lat"], row["lon"]))
        zone = _ZONES.get(code, row["tz"])
        town = row["city"].rpartition(", ")[2]
        found[code] = Place(row["name"], code, town, row["country"], zone, position, code in CLOSED)
    return found | {code: replace(place, is_closed=True) for code, place in _GONE.items()}


@cache
def _cities() -> Mapping[str, frozenset[str]]:
    listed = {code: frozenset(city["airports"]) for code, city in airportsdata.load_iata_macs().items()}
    own = {code: frozenset(airports) for code, airports in _CITIES.items()}
    return {code: listed.get(code, frozenset()) | own.get(code, frozenset()) for code in listed.keys() | own.keys()}


def airport(code: str) -> Place | None:
    """The airport with that code, also a former or closed one; `iata` is the code as it was asked for."""
    code = code.strip().upper()
    place = _listed().get(RENAMED.get(code, code))
    return replace(place, iata=code) if place else None


def airports() -> Mapping[str, Place]:
    """All airports by their present code."""
    return _listed()


def present(code: str) -> str:
    """The code that an airport has today: KIV and RMO are one."""
    return RENAMED.get(code, code)


def city(code: str) -> Place | None:
    """A town by its code (LON, PAR): its airports' country and zone, and no position that could be measured from.

    A code that is an airport's too (IST) means the airport.
    """
    airports_there = [_listed()[one] for one in sorted(_cities().get(code, ())) if one in _listed()]
    if not airports_there:
        return None
    first = airports_there[0]
    return Place(first.town, code, first.town, first.country, first.zone)


def is_one_city(one: str, other: str) -> bool:
    """Whether two codes are airports of one town, or the town itself."""
    if present(one) == present(other):
        return True
    if any({one, other} <= codes | {code} for code, codes in _cities().items()):
        return True
    here, there = airport(one), airport(other)
    if not (here and there and here.position and there.position):
        return False
    return (
        bool(here.town)
        and bare(here.town) == bare(there.town)
        and here.country == there.country
        and (distance_km(here.position, there.position) <= _ONE_TOWN_KM)
    )


def far_town(code: str) -> tuple[str, float] | None:
    """The town that an airport is named after though it is far away, and how far in kilometres."""
    place = airport(code)
    served = SERVED.get(code)
    if place is None or place.position is None or served is None:
        return None
    return served[0], distance_km(place.position, served[1])
