"""Finds the place that a text means: a code, a town, a station or an airport by its name."""

import re
from collections.abc import Iterator
from functools import cache

import pycountry

from visits.places.airports import airport, airports, city, is_one_city, present
from visits.places.rules import Place, bare, km_between
from visits.places.towns import towns_named

# As far as an airport lies from a town whose it is.
NEAR_KM = 60
# Thousands of people in a town that is meant wherever its name stands.
_LARGE = 200
_CODE = re.compile(r"[A-Z]{3}")
_IN_BRACKETS = re.compile(r"\(([A-Z]{3})\)")
_COUNTRIES = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "ingiltere": "GB", "usa": "US", "turkey": "TR",
    "turkiye": "TR", "almanya": "DE", "deutschland": "DE", "avusturya": "AT", "osterreich": "AT", "fransa": "FR",
    "italya": "IT", "ispanya": "ES", "belcika": "BE", "hollanda": "NL",
}  # fmt: skip
_GENERAL = frozenset({
    "airport", "international", "intl", "de", "la", "le", "the", "of", "and", "havalimani", "flughafen", "aeroport",
    "terminal", "central", "centraal", "union", "port", "north", "south", "east", "west", "nord", "sud", "est", "main",
    "grand", "bus", "city", "hotel", "victoria", "station", "gar", "otogar", "hbf", "stop", "new", "old", "park",
})  # fmt: skip
# Said of stations before the town, and what a town's name never begins with.
_BEFORE = ("gare", "gara de nord", "stazione di", "estacion de", "bahnhof", "hauptbahnhof", "station")


def country_code(text: str) -> str:
    """The code of a country by its code or name; empty where it is none."""
    word = bare(text)
    if word in _COUNTRIES:
        return _COUNTRIES[word]
    return _country_of(text.strip())


@cache
def _country_of(text: str) -> str:
    try:
        return str(pycountry.countries.lookup(text).alpha_2) if text else ""
    except LookupError:
        return ""


def place_by_code(code: str) -> Place | None:
    """An airport, else a town by its code."""
    code = code.strip().upper()
    return (airport(code) or city(code)) if _CODE.fullmatch(code) else None


def town_in(text: str, country: str = "") -> Place | None:
    """The town that a text begins with, or names ("Praha hl.n.", "Gare de Lyon, Paris"); longest name first.

    A country behind a comma decides between towns of one name, else the larger one is meant. Words further in count
    only as the name of a large town: stations are called after everything.
    """
    head, _, tail = text.partition(",")
    country = country or country_code(tail.strip().rpartition(",")[2])
    parts = [bare(head).split(), *(bare(part).split() for part in tail.split(","))]
    if bare(head).startswith(_BEFORE) and tail:
        parts = [*parts[1:], parts[0]]
    for within in (country, "") if country else ("",):
        for words in parts:
            for name, is_first in _runs(words):
                found = towns_named(name, within)
                if found and (is_first or found[0].thousands >= _LARGE):
                    return found[0].place
    return None


def _runs(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Runs of words with whether they begin the text: those from the beginning first, longer before shorter."""
    words = words[:12]
    for first in range(len(words)):
        for last in range(min(len(words), first + 4), first, -1):
            name = " ".join(words[first:last])
            is_plain = name not in _GENERAL and name not in _BEFORE and not name.isdigit()
            if is_plain and len(name) > 2:
                yield name, first == 0


def airport_named(text: str) -> Place | None:
    """The airport that a text means ("MUNICH DE MUNICH INTERNATIONAL TERMINAL 2"), None where several could be."""
    code = _IN_BRACKETS.search(text)
    if code and (found := place_by_code(code[1])):
        return found
    words = [word for word in bare(text).split() if not word.isdigit()]
    countries = {word.upper() for word in text.split() if len(word) == 2 and word.isupper()}
    best: tuple[float, int] = (0, 0)
    chosen: list[Place] = []
    for place in _by_words(frozenset(words)):
        score = _likeness(place, words, countries)
        if score > best:
            best, chosen = score, [place]
        elif score == best:
            chosen.append(place)
    if not chosen:
        town = town_in(text)
        chosen = [place for place in _by_words(frozenset([bare(town.name)])) if is_near(place, town)] if town else []
    return chosen[0] if len(chosen) == 1 else None


def _by_words(words: frozenset[str]) -> set[Place]:
    wanted = words - _GENERAL
    return {place for word in wanted for place in _index().get(word, ())}


@cache
def _index() -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in airports().values():
        for word in set(bare(place.town).split()) - _GENERAL:
            found.setdefault(word, []).append(place)
    return found


def _likeness(place: Place, words: list[str], countries: set[str]) -> tuple[float, int]:
    """How much an airport is what a text says: the country, words of town and name, then what else it is called."""
    town, name = set(bare(place.town).split()), set(bare(place.name).split())
    said = set(words)
    alike = len(said & town - _GENERAL) / max(1, len(town)) + len(said & name - _GENERAL)
    return 2 * (place.country in countries) + alike, len(said & name) - len(name)


def is_near(one: Place, other: Place) -> bool:
    """Whether two places are of one town: the same airport, airports of one town, or an airport and its town."""
    if one.iata and other.iata:
        return present(one.iata) == present(other.iata) or is_one_city(one.iata, other.iata)
    if one.town and bare(one.town) == bare(other.town) and (one.country == other.country or not one.country):
        return True
    km = km_between(one, other)
    return km is not None and km <= NEAR_KM


def any_place(text: str, country: str = "") -> Place:
    """The place that a text means, by code or name; with nothing but its name where it is not known."""
    return place_by_code(text) or town_in(text, country) or Place(text.strip())
