"""IATA's bar code of boarding passes (Resolution 792): fields at fixed places, no times, no year.

Whoever holds the text and a surname opens the booking at the airline: it is passport data.
"""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta

from visits.bookings.rules import FAR_DAYS, ReadingContext
from visits.passports.names import CUT, TITLES

_HEAD, _LEG, _SHORTEST_LEG = 23, 37, 24
_NO_TICKET = "0" * 10
# Glued to a name these are titles, others may well be the end of one (ALEXANDR).
_GLUED = ("MSTR", "MISS", "MRS", "MR", "MS")
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class BarCodeLeg:
    """`day_of_year` is 1 to 366."""

    reference: str
    origin: str
    destination: str
    carrier: str
    number: str
    day_of_year: int
    cabin: str = ""
    seat: str = ""
    sequence: str = ""
    ticket: str = ""
    frequent_flyer: str = ""


@dataclass(frozen=True)
class BarCode:
    """`issued` is the last digit of the year and the day of the year, as it stands."""

    name: str
    family: str
    given: str
    title: str
    legs: tuple[BarCodeLeg, ...]
    issued: tuple[int, int] | None = None


def parse_bar_code(text: str) -> BarCode | None:
    """None for what is no boarding pass: cut before the day, fewer legs than it says, or something else entirely."""
    if len(text) < _HEAD + _SHORTEST_LEG or not re.match(r"M[1-4]", text):
        return None
    raw_name = text[2 : 2 + CUT]
    if not re.fullmatch(r"[^\d\x00-\x1f\[\]]+", raw_name) or not raw_name.strip():
        return None
    # What follows the security mark is a signature.
    body = text[_HEAD:]
    legs: list[BarCodeLeg] = []
    issued = None
    for number in range(int(text[1])):
        fields, size = _fields(body)
        if fields is None:
            return None
        variable = body[_LEG : _LEG + size]
        if number == 0 and variable.startswith(">"):
            issued, variable = _unique(variable)
        legs.append(_with_repeated(fields, variable))
        body = body[_LEG + size :]
    family, given, title = _name_parts(raw_name)
    return BarCode(raw_name.rstrip(), family, given, title, tuple(legs), issued)


def _fields(body: str) -> tuple[BarCodeLeg | None, int]:
    """The mandatory fields of one leg, and the size of what varies."""
    day = re.fullmatch(r"(\d{1,3}) *", body[21:24])
    airports = re.fullmatch(r"[A-Z]{6}", body[7:13])
    carrier = re.fullmatch(r"([A-Z0-9]{2,3}) *", body[13:16])
    number = re.fullmatch(r" *0*(\d{1,5}[A-Z]?) *", body[16:21])
    if not (day and airports and carrier and number and len(body) >= _SHORTEST_LEG) or not 1 <= int(day[1]) <= 366:
        return None, 0
    size = re.fullmatch(r"[0-9A-F]{2}", body[35:37])
    seat, sequence = body[25:29].strip(), body[29:34].strip()
    leg = BarCodeLeg(
        reference=body[0:7].strip(),
        origin=body[7:10],
        destination=body[10:13],
        carrier=carrier[1],
        number=number[1],
        day_of_year=int(day[1]),
        cabin=body[24:25].strip(),
        seat=seat.lstrip("0"),
        sequence=sequence.lstrip("0"),
    )
    return leg, int(size[0], 16) if size else 0


def _unique(variable: str) -> tuple[tuple[int, int] | None, str]:
    """The day of issue out of the part that comes once, and what follows it."""
    size = re.fullmatch(r"[0-9A-F]{2}", variable[2:4])
    if not size:
        return None, ""
    length = int(size[0], 16)
    unique = variable[4 : 4 + length]
    said = re.fullmatch(r"(\d)(\d{3})", unique[3:7])
    issued = (int(said[1]), int(said[2])) if said and 1 <= int(said[2]) <= 366 else None
    return issued, variable[4 + length :]


def _with_repeated(leg: BarCodeLeg, variable: str) -> BarCodeLeg:
    """With the ticket and the frequent flyer, which stand in the part that comes with every leg."""
    size = re.fullmatch(r"[0-9A-F]{2}", variable[:2])
    if not size:
        return leg
    repeated = variable[2 : 2 + int(size[0], 16)]
    ticket = repeated[0:13]
    is_ticket = re.fullmatch(r"\d{13}", ticket) and ticket[3:] != _NO_TICKET
    flyer = f"{repeated[18:21].strip()} {repeated[21:37].strip()}".strip() if repeated[21:37].strip() else ""
    found = {**leg.__dict__, "ticket": ticket if is_ticket else "", "frequent_flyer": flyer}
    return BarCodeLeg(**found)


def _name_parts(raw: str) -> tuple[str, str, str]:
    """Family, given names, title: one apart, or one that nobody's name ends with."""
    family, _, given = raw.strip().partition("/")
    words = given.split()
    if len(words) > 1 and words[-1].upper() in TITLES:
        return family.strip(), " ".join(words[:-1]), words[-1].upper()
    for title in _GLUED:
        rest = given.strip().removesuffix(title)
        if rest != given.strip() and len(rest) >= _SHORTEST_NAME:
            return family.strip(), rest, title
    return family.strip(), given.strip(), ""


def day_in(year: int, number: int) -> date | None:
    """The 366th day is one in leap years only."""
    return None if number == 366 and not isleap(year) else date(year, 1, 1) + timedelta(days=number - 1)


def day_meant(number: int, context: ReadingContext) -> tuple[date | None, bool]:
    """The day of the year nearest to the visit, or to the day the code came; and whether it is far from that."""
    year = (context.first_day or context.received).year
    candidates = [day for one in range(year - 1, year + 3) if (day := day_in(one, number))]
    chosen = min(candidates, key=context.days_off, default=None)
    return chosen, chosen is not None and context.days_off(chosen) > FAR_DAYS


def issued_on(issued: tuple[int, int], before: date) -> date | None:
    """The nearest past day with that last digit of the year. It confirms, and decides nothing."""
    digit, number = issued
    years = [year for year in range(before.year, before.year - 10, -1) if year % 10 == digit]
    days = [day for year in years if (day := day_in(year, number))]
    if days and days[0] > before:
        return day_in(days[0].year - 10, number)
    return days[0] if days else None
