"""Countries' subdivisions by ISO 3166-2, and telephone numbers by country."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers

from core.columns import folded
from core.errors import N_
from core.text import wrong


@cache
def _listed() -> list[dict[str, str]]:
    with (Path(__file__).parent / "provinces.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def provinces(language: str = "tr") -> dict[str, str]:
    """The 81 provinces of Türkiye: ISO 3166-2 code to name, in Turkish or in English."""
    return {row["code"]: row["name" if language == "tr" else "english"] for row in _listed()}


def provinces_named(text: str) -> tuple[str, frozenset[str]]:
    """A folded text without the provinces of Türkiye that it names, and their codes.

    Former and short names count too: “Afyon”, “K. Maraş”, “İçel”.
    """
    pattern, codes = _spoken()
    found = frozenset(codes[_bare(match)] for match in pattern.findall(text))
    return pattern.sub(" ", text), found


@cache
def _spoken() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {folded(name): row["code"] for row in _listed() for name in _names(row)}
    # The longest first: “K. Maraş” before “Maraş”.
    longest = sorted(names, key=len, reverse=True)
    pattern = "|".join(r"[. ]*".join(map(re.escape, re.split(r"[. ]+", name))) for name in longest)
    return re.compile(rf"\b(?:{pattern})\b"), {_bare(name): code for name, code in names.items()}


def _bare(name: str) -> str:
    return re.sub(r"[. ]", "", name)


def _names(row: dict[str, str]) -> list[str]:
    """What a province is called: its name, what it was called before and in short."""
    return [row["name"], *filter(None, row["also"].split("|"))]


@cache
def subdivisions(country: str) -> dict[str, str]:
    """Code to name; the 81 provinces for Türkiye. The list of all countries is read when it is first needed."""
    if country == "TR":
        return provinces()
    import pycountry  # noqa: PLC0415  23 MB that most installations never need

    found: Any = pycountry.subdivisions
    return {s.code: s.name for s in found.get(country_code=country) or []}


@cache
def subdivision_codes(country: str) -> dict[str, str]:
    """Folded names and codes, without spaces and points, to the code."""
    # Where a district and its town share a name, the one listed first is meant.
    names = {_bare(folded(name)): code for code, name in reversed(subdivisions(country).items())}
    if country == "TR":
        names |= {_bare(folded(name)): row["code"] for row in _listed() for name in _names(row)}
    return names | {folded(code): code for code in subdivisions(country)}


def province_meant(text: str) -> str | None:
    """The code of the province of Türkiye that a list means: “Ankara ili”, “K.Maraş”, “Hatay / Antakya”, “06”.

    None where it is none, or two at once.
    """
    plain = folded(text)
    if plain.isdecimal() and 1 <= int(plain) <= len(provinces()):
        return f"TR-{int(plain):02}"
    code = subdivision_codes("TR").get(_bare(plain))
    named = provinces_named(plain)[1]
    return code or (next(iter(named)) if len(named) == 1 else None)


def subdivision_code(text: str, country: str) -> str:
    """The code that a code or a name means; Turkish letters may be written plainly."""
    if not text:
        return ""
    code = subdivision_codes(country).get(_bare(folded(text)))
    if code is None and country == "TR":
        code = province_meant(text)
    if code is None:
        raise wrong(N_("This is no province of that country."))
    return code


def phone_number(text: str, country: str) -> str:
    """In the international form. Raises a validation error for what cannot be a number."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise wrong(N_("Please write a telephone number like +90 532 000 00 00.")) from None
    if not phonenumbers.is_possible_number(number):
        raise wrong(N_("Please write a telephone number like +90 532 000 00 00."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
