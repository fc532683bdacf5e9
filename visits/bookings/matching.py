"""Whose booking it is: names of passengers against those of participants."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from visits.passports.names import CUT, LEADING, NameMatch, PersonName, compare, plain, without_title, words

_ORDER = list(NameMatch)
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "DR", "PROF", "DOC", "SAYIN"})
_SOME = Counter(dict.fromkeys("AEX", 1000))
_MINE = frozenset({NameMatch.same, NameMatch.same_with_note, NameMatch.near})


@dataclass(frozen=True)
class PassengerMatch:
    """The participant whose name it is, and how well it fits; nobody where none does."""

    participant: str
    match: NameMatch


def owner_of(passenger: str, participants: Iterable[str]) -> PassengerMatch | None:
    """The participant that a passenger's name fits best; None where it fits nobody's. Which of two words is the family
    name is not known of participants, so that none is "swapped"."""
    found = [PassengerMatch(name, match_of(passenger, name)) for name in participants]
    best = min(found, key=lambda one: _ORDER.index(one.match), default=None)
    return best if best and best.match in _MINE else None


def is_same_person(one: str, other: str) -> bool:
    """Two spellings of one name, as messages of one vendor write it."""
    match = match_of(one, other.replace("/", " "))
    return match in (NameMatch.same, NameMatch.same_with_note) or (
        match_of(other, one.replace("/", " ")) in (NameMatch.same, NameMatch.same_with_note)
    )


def match_of(passenger: str, participant: str) -> NameMatch:
    """How a passenger's name fits "given names, family name" in one line, whichever words are which."""
    return _match_of(passenger, participant) if _may_be(passenger, participant) else NameMatch.different


def _may_be(passenger: str, participant: str) -> bool:
    """Cheaply, whether it is worth comparing: a list of four hundred lines and two hundred people are many pairs.

    Names may lack letters, and have one more or another; only what is cut (which may have a piece of a title) and
    titles have more of them.
    """
    if len(passenger.strip()) == CUT:
        return True
    family, slash, given = passenger.partition("/")
    there = _letters(participant)
    said = [f"{family} {bare}" for bare in without_title(given)] if slash else [passenger]
    return any((_letters(one) - there).total() <= 1 for one in said)


@lru_cache(maxsize=8192)
def _letters(name: str) -> Counter[str]:
    """How often each letter stands in a name without titles. Those that only some spellings have (Ö: O, OE) are left
    out."""
    return Counter("".join(part for word in words(name) if (part := plain(word)) not in LEADING)) - _SOME


@lru_cache(maxsize=4096)
def _match_of(passenger: str, participant: str) -> NameMatch:
    results = [compare(name, passenger) for name in _names(words(participant))]
    results = [NameMatch.same if result is NameMatch.swapped else result for result in results]
    return min(results, key=_ORDER.index, default=NameMatch.different)


def _names(parts: Sequence[str]) -> Iterator[PersonName]:
    while len(parts) > 2 and plain(parts[0]) in _TITLES:
        parts = parts[1:]
    for place in range(1, len(parts)):
        yield PersonName(" ".join(parts[place:]), " ".join(parts[:place]))
    if len(parts) == 1:
        yield PersonName(parts[0], "")
