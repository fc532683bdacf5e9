"""Countries' subdivisions by ISO 3166-2, and telephone numbers by country."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers

from core.columns import folded
from core.errors import N_
from core.text import wrong


@cache
def provinces() -> dict[str, str]:
    """The 81 provinces of Türkiye: ISO 3166-2 code to name."""
    with (Path(__file__).parent / "provinces.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


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
    """Folded names and codes to the code."""
    # Where a district and its town share a name, the one listed first is meant.
    names = {folded(name): code for code, name in reversed(subdivisions(country).items())}
    return names | {folded(code): code for code in subdivisions(country)}


def subdivision_code(text: str, country: str) -> str:
    """The code that a code or a name means; Turkish letters may be written plainly."""
    if not text:
        return ""
    code = subdivision_codes(country).get(folded(text))
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
