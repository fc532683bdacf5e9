"""Countries' subdivisions by ISO 3166-2, and telephone numbers by country."""

from functools import cache
from typing import Any

import phonenumbers

from core.columns import folded
from core.errors import N_
from core.text import wrong


@cache
def subdivisions(country: str) -> dict[str, str]:
    """Code to name; the 81 provinces for Türkiye. The list of all countries is read when it is first needed."""
    import pycountry  # noqa: PLC0415  23 MB that most installations never need

    found: Any = pycountry.subdivisions
    return {s.code: s.name for s in found.get(country_code=country) or []}


def subdivision_code(text: str, country: str) -> str:
    """The code that a code or a name means; Turkish letters may be written plainly."""
    if not text:
        return ""
    wanted = folded(text)
    for code, name in subdivisions(country).items():
        if wanted in (folded(code), folded(name)):
            return code
    raise wrong(N_("This is no province of that country."))


def phone_number(text: str, country: str) -> str:
    """In the international form. Raises a validation error for what cannot be a number."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise wrong(N_("Please write a telephone number like +90 532 000 00 00.")) from None
    if not phonenumbers.is_possible_number(number):
        raise wrong(N_("Please write a telephone number like +90 532 000 00 00."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
