"""The machine-readable zone of a passport: ICAO 9303, TD3, two lines of 44.

A check digit finds a wrong or exchanged character in what was typed. It proves nobody's identity.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.passports.names import PersonName

LENGTH = 44
_WEIGHTS = (7, 3, 1)
_ALLOWED = re.compile(r"[A-Z0-9<]+")
# In which century two digits lie: documents are valid for ten years, people live for a hundred.
_VALID_AHEAD = 50


class MrzField(StrEnum):
    number = "number"
    birth = "birth"
    expiry = "expiry"
    personal = "personal"
    whole = "whole"


@dataclass(frozen=True)
class MrzProblem:
    """`text` is what the digit is of; `digit` what it should be. No text: the line or the date is no such thing."""

    field: MrzField
    text: str = ""
    digit: int | None = None

    def __str__(self) -> str:
        if self.digit is None:
            return f"{self.field}: cannot be read"
        return f"{self.field}: check digit of {self.text} is {self.digit}"


@dataclass(frozen=True)
class PassportZone:
    """What the lines say. `digits` are the check digits as they stand; the personal number's only if there is one."""

    number: str = ""
    issuer: str = ""
    nationality: str = ""
    sex: str = ""
    born: date | None = None
    expires: date | None = None
    name: PersonName | None = None
    digits: tuple[tuple[MrzField, int], ...] = ()
    problems: tuple[MrzProblem, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.problems


def check_digit(text: str) -> int:
    """Weights 7, 3, 1; digits count as they are, A is 10, Z is 35, a filler 0; modulo 10."""
    return sum(_value(letter) * _WEIGHTS[place % 3] for place, letter in enumerate(text)) % 10


def _value(letter: str) -> int:
    return 0 if letter == "<" else int(letter, 36)


def lines_in(text: str) -> tuple[str, str] | None:
    """The two lines in what somebody pasted: spaces go, small letters become large; None if it is no such zone.

    The first line may be short of fillers, the second one not.
    """
    bare = [line for raw in text.upper().splitlines() if (line := re.sub(r"\s", "", raw))]
    if len(bare) == 1 and len(bare[0]) == 2 * LENGTH:
        bare = [bare[0][:LENGTH], bare[0][LENGTH:]]
    if len(bare) != 2 or not bare[0].startswith("P") or len(bare[1]) != LENGTH:
        return None
    first = bare[0][:LENGTH].ljust(LENGTH, "<")
    return (first, bare[1]) if _ALLOWED.fullmatch(first + bare[1]) else None


def read_zone(first: str, second: str, *, today: date) -> PassportZone:
    """Both lines; `today` says in which century somebody was born."""
    zone = read_second(second, today=today)
    issuer = first[2:5].replace("<", "")
    fields = {**zone.__dict__, "issuer": issuer, "name": name_in(first)}
    return PassportZone(**fields)


def name_in(first: str) -> PersonName:
    """Family and given names of the first line."""
    family, _, given = first[5:].rstrip("<").partition("<<")
    return PersonName(family.replace("<", " ").strip(), given.replace("<", " ").strip())


def read_second(line: str, *, today: date) -> PassportZone:
    """The second line alone, which holds all check digits."""
    line = line.strip().upper()
    if len(line) != LENGTH or not _ALLOWED.fullmatch(line):
        return PassportZone(problems=(MrzProblem(MrzField.whole),))
    checked = {
        MrzField.number: (line[0:9], line[9]),
        MrzField.birth: (line[13:19], line[19]),
        MrzField.expiry: (line[21:27], line[27]),
        MrzField.personal: (line[28:42], line[42]),
        MrzField.whole: (line[0:10] + line[13:20] + line[21:43], line[43]),
    }
    if not line[28:42].strip("<") and line[42] == "<":
        del checked[MrzField.personal]
    born, expires = _date(line[13:19], today, 0), _date(line[21:27], today, _VALID_AHEAD)
    problems = [
        MrzProblem(field, text, check_digit(text))
        for field, (text, digit) in checked.items()
        if not digit.isdigit() or int(digit) != check_digit(text)
    ]
    unread = [field for field, day in ((MrzField.birth, born), (MrzField.expiry, expires)) if day is None]
    has_personal = bool(line[28:42].strip("<"))
    digits = [
        (field, int(digit))
        for field, (_, digit) in checked.items()
        if digit.isdigit() and (has_personal or field is not MrzField.personal)
    ]
    return PassportZone(
        number=line[0:9].rstrip("<"),
        nationality=line[10:13].replace("<", ""),
        sex=line[20].replace("<", "X"),
        born=born,
        expires=expires,
        digits=tuple(digits),
        problems=(*problems, *(MrzProblem(field) for field in unread)),
    )


def _date(text: str, today: date, ahead: int) -> date | None:
    """Of six digits the latest day that is not more than so many years ahead."""
    if not text.isdigit():
        return None
    years, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    limit = today.year + ahead
    year = limit - (limit - years) % 100
    try:
        found = date(year, month, day)
        return found.replace(year=year - 100) if not ahead and found > today else found
    except ValueError:
        return None
