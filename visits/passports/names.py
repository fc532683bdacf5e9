"""Compares the name on a ticket with that of a passport, whatever either does to Turkish and German letters.

Letters become A to Z by a table. Ö, Ü, Ä and a few others have two or three spellings (ICAO 9303 and airlines differ);
each is tried by itself, never the other way round: an E that belongs to the name stays.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, product

from rapidfuzz.distance import Levenshtein

# More spellings of one name are not looked at.
MOST_FORMS = 256
# A name of a bar code has this many characters; one of exactly that length may be cut.
CUT = 20
TITLES = ("MSTR", "MISS", "PROF", "MRS", "CHD", "INF", "MR", "MS", "DR")
# What may stand before a name, or behind it.
LEADING = frozenset((*TITLES, "DOC", "DOCDR", "SAYIN", "HERR", "FRAU", "MME"))
_SPELLINGS = {
    "Ö": ("O", "OE"), "Ü": ("U", "UE", "UXX"), "Ä": ("A", "AE"), "Å": ("A", "AA"), "Ø": ("O", "OE"), "Ñ": ("N", "NXX"),
    "ß": ("SS",), "ẞ": ("SS",), "ı": ("I",), "Æ": ("AE",), "Œ": ("OE",), "Þ": ("TH",), "Ð": ("D",), "Đ": ("D",),
    "Ł": ("L",), "Ħ": ("H",), "Ĳ": ("IJ",), "Ə": ("E",),
}  # fmt: skip


class NameMatch(StrEnum):
    same = "same"
    same_with_note = "same_with_note"
    swapped = "swapped"
    near = "near"
    different = "different"


GIVEN_NAME_MISSING = "given_name_missing"
_ORDER = list(NameMatch)


@dataclass(frozen=True)
class PersonName:
    family: str
    given: str

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()


def forms(text: str) -> list[str]:
    """Every spelling of a name in A to Z, without spaces, hyphens and apostrophes; at most 256."""
    letters = [_spellings(letter) for letter in unicodedata.normalize("NFC", text)]
    found = ("".join(parts) for parts in product(*(letter for letter in letters if letter)))
    return list(dict.fromkeys(islice(found, MOST_FORMS)))


def _spellings(letter: str) -> tuple[str, ...]:
    # Before upper(): that makes SS of ß and leaves a dot behind an İ that was made small.
    known = _SPELLINGS.get(letter) or _SPELLINGS.get(letter.upper())
    if known:
        return known
    plain = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)).upper()
    if plain.isascii():
        return (re.sub(r"[^A-Z]", "", plain),) if re.search(r"[A-Z]", plain) else ()
    # Other scripts are compared as they are.
    return (plain,) if plain.isalpha() else ()


def plain(text: str) -> str:
    """The first of the spellings: how most tickets write a name."""
    return next(iter(forms(text)), "")


def words(text: str) -> list[str]:
    """The parts of a name, as written apart by spaces, hyphens or fillers."""
    return [part for part in re.split(r"[\s<\-.,]+", text) if part]


def compare(passport: PersonName, ticket: str, mrz: PersonName | None = None) -> NameMatch:
    """A ticket's name, "FAMILY/GIVEN" or words in either order, with that of a passport and of its zone to read."""
    owners = [name for name in (passport, mrz) if name and (name.family or name.given)]
    found = (match for owner in owners for match in _matches(owner, ticket))
    return min(found, key=_ORDER.index, default=NameMatch.different)


def _matches(owner: PersonName, ticket: str) -> Iterator[NameMatch]:
    ticket = unicodedata.normalize("NFC", ticket).strip()
    family, slash, given = ticket.partition("/")
    if not slash and len(ticket) == CUT and any(form.startswith(plain(ticket)) for form in forms(owner.family)):
        yield NameMatch.same
    if not slash:
        yield from _matches_of_words(owner, words(ticket))
        return
    for bare in without_title(given):
        yield _match(owner, family, bare)
    if len(ticket) == CUT:
        yield _cut_match(owner, family, given)


def _matches_of_words(owner: PersonName, said: list[str]) -> Iterator[NameMatch]:
    """Words without a mark between family and given names: every place to part them, in both orders."""
    while said and plain(said[0]) in LEADING and len(said) > 1:
        # With the title too: AMR and DR may be names.
        yield from _partings(owner, said)
        said = said[1:]
    yield from _partings(owner, said)
    if len(said) > 2 and plain(said[-1]) in TITLES:
        yield from _partings(owner, said[:-1])


def _partings(owner: PersonName, said: list[str]) -> Iterator[NameMatch]:
    for place in range(len(said) + 1):
        first, last = " ".join(said[:place]), " ".join(said[place:])
        if first and last:
            for match in (_match(owner, last, first), _match(owner, first, last)):
                if match is not NameMatch.swapped:
                    yield match


def without_title(given: str) -> list[str]:
    """Given names as they stand, and without titles at their end, glued or apart."""
    found = [given]
    for text in found:
        bare = text.rstrip(" .")
        for title in TITLES:
            shorter = bare[: -len(title)].rstrip(" .")
            if bare.upper().endswith(title) and shorter and shorter not in found and len(found) < 8:
                found.append(shorter)
    return found


def _match(owner: PersonName, family: str, given: str) -> NameMatch:
    if _is_one(owner.family, family):
        if _is_one(owner.given, given):
            return NameMatch.same
        if _lacks_some(owner.given, given):
            return NameMatch.same_with_note
        return (
            NameMatch.near if _has_initial(owner.given, given) or _is_near(owner.given, given) else NameMatch.different
        )
    if _is_one(owner.family, given) and (_is_one(owner.given, family) or _lacks_some(owner.given, family)):
        return NameMatch.swapped
    is_given = _is_one(owner.given, given) or _lacks_some(owner.given, given)
    return NameMatch.near if is_given and _is_near(owner.family, family) else NameMatch.different


def _is_one(one: str, other: str) -> bool:
    return bool(set(forms(one)) & set(forms(other)))


def _is_near(one: str, other: str) -> bool:
    """One letter more, less or another."""
    there = forms(other)
    return any(Levenshtein.distance(form, said, score_cutoff=1) <= 1 for form in forms(one) for said in there)


def _lacks_some(own: str, said: str) -> bool:
    """Whether some of the given names, in their order, are what is said."""
    parts = words(own)
    return len(parts) > 1 and bool(set(forms(said)) & _joined([("", *forms(part)) for part in parts]) - {""})


def _has_initial(own: str, said: str) -> bool:
    """Whether it is the names with at least one of them cut to its initial; others may be missing."""
    parts = words(own)
    return bool(set(forms(said)) & _joined([("", form[:1], form) for part in parts for form in forms(part)[:2]]) - {""})


def _joined(choices: Iterable[tuple[str, ...]]) -> set[str]:
    return {"".join(parts) for parts in islice(product(*choices), 4 * MOST_FORMS)}


def _cut_match(owner: PersonName, family: str, given: str) -> NameMatch:
    """A name cut at the end: what is left has to be the beginning, a title behind it may be cut as well."""
    said = plain(given)
    if not _is_one(owner.family, family) or not said:
        return NameMatch.different
    titles = {title[:length] for title in TITLES for length in range(1, len(title) + 1)}
    bare = {said[: -len(title)] for title in titles if said.endswith(title)}
    whole = forms(owner.given)
    if any(form.startswith(said) for form in whole) or bare & set(whole):
        return NameMatch.same
    return NameMatch.different
