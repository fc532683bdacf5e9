"""Codes of countries, languages and zones as fields of API and forms."""

from typing import Annotated

from pydantic import AfterValidator, Field

from core.errors import N_
from core.i18n import LANGUAGES, country_codes, language_codes
from core.text import wrong
from core.zones import zone_names


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


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
Country = Annotated[str, Field(max_length=2), AfterValidator(_known_country)]
Language = Annotated[str, AfterValidator(_known_language)]
Spoken = Annotated[str, AfterValidator(_spoken_here)]
