"""What the columns of a rate list are, and how countries are written in them. Pure."""

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter

from core.columns import folded
from core.errors import N_
from core.i18n import LANGUAGES, country_codes, words
from core.money import smallest_unit
from core.text import Line, wrong
from core.written import amount_written, currency_written, day_written
from directory.imports.rules import ListField
from finance.rates.rules import AMOUNTS, OTHER_COUNTRIES, PlaceRate

_OTHERS = {"zz", "other countries", "other countries and territories", "diger ulkeler", "diger ulke", "rest of world"}


def country_written(text: str) -> str:
    """The code of a country that is named in Turkish or English, `ZZ` for all other countries."""
    if folded(text) in _OTHERS:
        return OTHER_COUNTRIES
    code = _country_names().get(folded(text), text.strip().upper())
    if code not in country_codes():
        raise wrong(N_("“%(code)s” is no country by its name or code. Examples: Türkiye, TR."), code=text)
    return code


@cache
def _country_names() -> Mapping[str, str]:
    return {folded(words(language).country(code)): code for language in LANGUAGES for code in country_codes()}


def _adapter(check: object) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, AfterValidator(check)])


def _amount(name: str, headings: tuple[str, ...], pattern: str = "") -> ListField:
    return ListField(AMOUNTS[name], (folded(AMOUNTS[name]), *headings), pattern, _adapter(amount_written))


FIELDS = {
    "country": ListField(
        N_("Country"),
        ("country", "ulke", "country code", "ulke kodu", "country or territory"),
        r"\b(ulke|country)\b",
        _adapter(country_written),
        is_code=True,
    ),
    "city": ListField(
        N_("City"),
        ("city", "place", "sehir", "yer"),
        r"\b(sehir|city)\b",
        TypeAdapter(Annotated[Line, Field(max_length=80)]),
    ),
    "grade": ListField(
        N_("Grade"),
        ("grade", "column", "derece", "kadro", "kadro derecesi", "unvan", "ek gosterge", "sutun"),
        r"\b(grade|derece|derecesi|ek gosterge|kadro)\b",
        TypeAdapter(Annotated[Line, Field(max_length=120)]),
    ),
    "amount": _amount(
        "amount",
        ("amount", "rate", "tutar", "gundelik", "yevmiye", "per diem", "mie", "dsa"),
        r"\b(tutar|amount|gundelik|harcirah|yevmiye|per diem)\b",
    ),
    "full": _amount("full", ("full", "tam gun")),
    "partial": _amount("partial", ("partial", "kismi gun", "yarim gun")),
    "overnight": _amount("overnight", ("overnight", "geceleme")),
    "night": _amount("night", ("night amount",)),
    "hotel_ceiling": _amount("hotel_ceiling", ("otel tavani", "konaklama tavani", "hotel")),
    "lodging_max": _amount("lodging_max", ("lodging", "lodging max", "max lodging")),
    "room_percent": _amount("room_percent", ("room percent", "room", "room share", "oda payi", "oda yuzdesi")),
    "breakfast": _amount("breakfast", ("kahvalti",)),
    "lunch": _amount("lunch", ("ogle yemegi",)),
    "dinner": _amount("dinner", ("aksam yemegi",)),
    "incidentals": _amount("incidentals", ("incidental expenses", "diger giderler")),
    "currency": ListField(
        N_("Currency"),
        ("currency", "para birimi", "doviz"),
        r"\b(para birimi|currency|doviz)\b",
        _adapter(currency_written),
    ),
    "valid_from": ListField(
        N_("Valid from"),
        ("valid from", "gecerlilik", "baslangic", "gecerlilik baslangici", "from"),
        r"\b(valid from|gecerli|yururluk|effective|baslangic)\w*\b",
        _adapter(day_written),
    ),
    "valid_to": ListField(
        N_("Valid to"),
        ("valid to", "bitis", "gecerlilik bitisi", "gecerlilik sonu", "until", "to"),
        r"\b(valid to|valid until|bitis)\w*\b",
        _adapter(day_written),
    ),
    "source": ListField(
        N_("Source"),
        ("source", "kaynak", "dayanak"),
        r"\b(source|kaynak|dayanak)\b",
        TypeAdapter(Annotated[Line, Field(min_length=3, max_length=300)]),
        N_("Please say where the amount is from: at least three letters."),
    ),
}


def has_rates(fields: Container[str]) -> bool:
    """Whether these columns make a list of rates."""
    return "amount" in fields and "currency" in fields and ("country" in fields or "grade" in fields)


def place_rate_of(values: Mapping[str, str]) -> PlaceRate:
    """A line whose fields were checked, as a row. Where it has no country of its own it holds in any."""
    return PlaceRate(
        values.get("country", ""),
        {name: Decimal(values[name]) for name in AMOUNTS if values.get(name)},
        values.get("city", ""),
        values.get("grade", ""),
        values["currency"],
        _day(values.get("valid_from", "")),
        _day(values.get("valid_to", "")),
        values.get("source", ""),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def problem_of(values: Mapping[str, str], *, by_contract: bool, has_source: bool) -> tuple[str, str]:
    """The field of a line that does not go with the others, and what is said of it; empty where all do. `by_contract`:
    the list is chosen by the day of a contract; `has_source`: the list as a whole names its source."""
    if not values.get("country") and not values.get("grade"):
        return "country", N_("The country is missing.")
    if values.get("city") and not values.get("country"):
        return "country", N_("The country is missing.")
    missing = next((name for name in ("amount", "currency") if not values.get(name)), "")
    if missing:
        return missing, N_("Please fill this in.")
    unit = smallest_unit(values["currency"])
    for name in AMOUNTS:
        if name == "room_percent" and Decimal(values.get(name) or 0) > 100:
            return name, N_("A part of the daily amount is at most 100 percent.")
        if name != "room_percent" and Decimal(values.get(name) or 0) % unit:
            return name, N_("An amount is finer than the smallest unit of its currency.")
    if by_contract and not values.get("valid_from"):
        return "valid_from", N_("A list that goes by the contract needs the day from which contracts take it.")
    if values.get("valid_to") and values["valid_to"] < values.get("valid_from", ""):
        return "valid_to", N_("The last day is before the first.")
    if not has_source and not values.get("source"):
        return "source", N_("Please say where the amount is from: at least three letters.")
    return "", ""
