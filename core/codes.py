"""Codes of countries, languages and zones as fields of API and forms."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from core.errors import N_
from core.i18n import LANGUAGES, country_codes, language_codes
from core.text import wrong
from core.zones import zone_names, zones_of_country


def _known_country(code: str) -> str:
    if code not in country_codes():
        raise wrong(N_("“%(code)s” is not a country code. Example: TR."), code=code)
    return code


def _known_language(code: str) -> str:
    if code not in language_codes():
        raise wrong(N_("“%(code)s” is not a language code. Example: tr."), code=code)
    return code


def _spoken_here(code: str) -> str:
    if code not in LANGUAGES:
        raise wrong(N_("This language is not spoken here yet."))
    return code


def _known_zone(name: str) -> str:
    if name not in zone_names():
        raise wrong(N_("“%(zone)s” is not a time zone. Example: Europe/Istanbul."), zone=name)
    return name


def zone_in(country: str) -> str:
    """The zone of a country that has one; where clocks differ in it, somebody has to say which."""
    found = zones_of_country(country)
    if len(found) != 1:
        raise wrong(N_("This country has several time zones. Please choose one."))
    return found[0]


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
ZoneOrCountrys = Annotated[
    str,
    BeforeValidator(lambda name: "" if name is None else name),
    Field(max_length=64, validate_default=True, description="Empty: that of the country, where it has one."),
    AfterValidator(lambda name: _known_zone(name) if name else ""),
]
Country = Annotated[str, Field(max_length=2), AfterValidator(_known_country)]
Language = Annotated[str, AfterValidator(_known_language)]
Spoken = Annotated[str, AfterValidator(_spoken_here)]
