"""How like two names of institutions are, abbreviations and the province that a name holds included. Pure.

A list writes “AFYONKARAHİSAR GİM” or “İl Göç İd. Md.” for what a project knows as “Afyonkarahisar İl Göç İdaresi
Müdürlüğü”. No table of abbreviations is needed: a short word stands for the words that its letters begin.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz.distance import Indel

from core.columns import folded
from directory.people.geography import provinces_named

# From here on it is worth asking a person whether the two are one.
LIKELY = 0.75
# Of two that are as near to each other as this, the name alone does not say which is meant.
CLEAR = 0.04
# The share of letters in common from which two words are one: “müdürlük” and “müdürlüğü” have 0.82.
SPELLING = 0.8
# What is left of the likeness where a word is short for others, and where one name alone says something.
SHORTENED, UNSAID = 0.97, 0.9
_FILLERS = frozenset(["ve", "ile", "of", "the", "and", "for", "in", "at", "tc"])
# Which of several bodies with one task it is.
_LEVELS = {
    **dict.fromkeys(("il", "provincial"), "province"),
    **dict.fromkeys(("ilce", "district"), "district"),
    **dict.fromkeys(("bolge", "regional"), "region"),
    **dict.fromkeys(("genel", "gn", "gen", "general"), "whole"),
}
# Words of many names, which say little of each: they count half.
_COMMON = frozenset(
    "mudurlugu baskanligi bakanligi dairesi kurulu directorate department presidency ministry office".split()  # noqa: SIM905
)
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
# “Müd.lüğü”
_SUFFIX = re.compile(r"\.(?=l[iu]g[iu])")
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Known:
    """An institution as likeness sees it: its name in each language, and the code of its province or nothing."""

    id: UUID
    names: tuple[str, ...]
    province: str = ""


@dataclass(frozen=True)
class _Name:
    """A name taken apart: its words without fillers, what they begin with, the levels and numbers among them, and the
    codes of the provinces that it holds."""

    words: tuple[str, ...]
    provinces: frozenset[str]
    initials: frozenset[str]
    levels: frozenset[str]
    numbers: frozenset[str]


def likeness(a: str, b: str) -> float:
    """How sure one may be that two names mean one institution: 1.0 the same words, 0.0 certainly another one.

    Case, Turkish letters, punctuation and the order of words make no difference. Names that hold different provinces,
    numbers (“2. Ağır Ceza”) or levels (il, ilçe, genel) are 0.0; where only one of them holds any, at most 0.9.
    """
    one, other = _read(a), _read(b)
    return _alike(one, other, _together(one.provinces, other.provinces))


def likeness_of(a: Known, b: Known) -> float:
    """The same of two that are known, by whichever of their names: where each stands counts as if its name said so."""
    found = 0.0
    for one in map(_read, a.names):
        for other in map(_read, b.names):
            share = _together(one.provinces or _codes(a.province), other.provinces or _codes(b.province))
            found = max(found, _alike(one, other, share))
    return found


def provinces_of(known: Known) -> frozenset[str]:
    """The provinces that its names hold, or else the one where it stands."""
    named = [_read(name).provinces for name in known.names]
    return frozenset().union(*named) or _codes(known.province)


def best_match(text: str, known: Sequence[Known], *, province: str = "") -> tuple[Known, float] | None:
    """The institution that `text` means, with its likeness; None where none is likely, or two nearly equally so.

    `province` is the code that a list has beside the name, and tells 81 directorates of one name apart. What the name
    itself holds counts before it.
    """
    wanted = _read(text)
    scored = (
        (max((_fit(wanted, province, _read(n), one.province) for n in one.names), default=0.0), one) for one in known
    )
    found = sorted((pair for pair in scored if pair[0] >= LIKELY), key=lambda pair: -pair[0])
    if not found or (len(found) > 1 and not _is_clear(found[0][0], found[1][0])):
        return None
    return found[0][1], found[0][0]


def _is_clear(first: float, second: float) -> bool:
    """Whether the better of two is meant: the very words leave no doubt."""
    return first - second >= CLEAR or first == 1.0 > second


def _fit(wanted: _Name, beside: str, name: _Name, place: str) -> float:
    """Likeness of a name in a list, with the province beside it, to a name that is known, with where that stands."""
    if wanted.provinces:
        share = _together(wanted.provinces, name.provinces or _codes(place))
    elif name.provinces:
        share = _together(_codes(beside), name.provinces)
    else:
        # A ministry's people work anywhere: then the province beside it is theirs.
        share = 1.0
    return _alike(wanted, name, share)


def _codes(province: str) -> frozenset[str]:
    return frozenset([province] if province else [])


def _together(a: frozenset[str], b: frozenset[str]) -> float:
    """What is left of the likeness of two names that hold these."""
    if a and b:
        return float(bool(a & b))
    return UNSAID if a or b else 1.0


@lru_cache(maxsize=20_000)
def _read(text: str) -> _Name:
    plain, provinces = provinces_named(folded(unicodedata.normalize("NFC", text)))
    joined = _DOTTED.sub(lambda letters: letters[0].replace(".", "") + " ", _SUFFIX.sub("", plain))
    words = tuple(word for word in _BETWEEN.split(joined) if word and word not in _FILLERS)
    return _Name(
        words,
        provinces,
        initials=frozenset(word[0] for word in words),
        levels=frozenset(_LEVELS[word] for word in words if word in _LEVELS),
        numbers=frozenset(word for word in words if word.isdigit()),
    )


def _alike(a: _Name, b: _Name, share: float) -> float:
    """Likeness of two names, of which `share` is left by where they stand. What decides at once is looked at first."""
    if not share or a.initials.isdisjoint(b.initials) or (a.levels and b.levels and a.levels.isdisjoint(b.levels)):
        return 0.0
    share *= _together(a.numbers, b.numbers)
    return share and share * (_in_common(a.words, b.words) if a.words <= b.words else _in_common(b.words, a.words))


# The words of 81 directorates are the same but for the province: most answers are there already.
@lru_cache(maxsize=50_000)
def _in_common(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """The weight of the words in common among the weight of all."""
    if sorted(a) == sorted(b):
        return 1.0
    ours, theirs = [word for word in a if word not in b], [word for word in b if word not in a]
    common = sum(map(_weight, set(a) & set(b)))
    shortened = _take_shortened(ours, theirs) + _take_shortened(theirs, ours)
    misspelled, lost = _take_misspelled(ours, theirs)
    common += shortened + misspelled
    apart = lost + sum(map(_weight, [*ours, *theirs]))
    return (SHORTENED if shortened else 1.0) * 2 * common / (2 * common + apart) if common else 0.0


def _take_shortened(shorts: list[str], longs: list[str]) -> float:
    """Take out the short words and what they stand for. Returns the weight of that."""
    weight = 0.0
    for short in list(shorts):
        meant = _meant(short, longs)
        if meant:
            shorts.remove(short)
            for word in meant:
                longs.remove(word)
                weight += _weight(word)
    return weight


def _take_misspelled(ours: list[str], theirs: list[str]) -> tuple[float, float]:
    """Take out the words that are nearly the same. Returns the weight that they share, and what they do not."""
    common = lost = 0.0
    for word in list(ours):
        near = max(theirs, key=lambda other: _spelled(word, other), default="")
        share = _spelled(word, near)
        if share >= SPELLING:
            ours.remove(word)
            theirs.remove(near)
            common += _weight(near) * share
            lost += 2 * _weight(near) * (1 - share)
    return common, lost


def _weight(word: str) -> float:
    return 0.5 if word in _COMMON or word in _LEVELS else 1.0


def _spelled(a: str, b: str) -> float:
    """The share of letters in common, in the same order. A slip at the beginning is rare: içişleri is not dışişleri."""
    return Indel.normalized_similarity(a, b) if a[:1] == b[:1] else 0.0


def _meant(short: str, words: Sequence[str]) -> Sequence[str]:
    """The word, or the words that follow each other, that a short one stands for; none where there are none."""
    for word in words:
        if _shortens(short, word):
            return [word]
    for count in range(2, min(len(short), len(words)) + 1):
        for start in range(len(words) - count + 1):
            if _begins(short, words[start : start + count]):
                return words[start : start + count]
    return ()


def _shortens(short: str, word: str) -> bool:
    """“id” for idaresi, “md” and “mudlugu” for mudurlugu."""
    if len(short) >= len(word) or not _stands_in(short, word):
        return False
    return word.startswith(short) or len(short) <= 3 or short[-2:] == word[-2:]


def _begins(short: str, words: Sequence[str]) -> bool:
    """“gim” for goc idaresi mudurlugu, “cbs” for cumhuriyet bassavciligi: one or two letters of each word."""
    if not words:
        return not short
    return any(_stands_in(short[:n], words[0]) and _begins(short[n:], words[1:]) for n in (1, 2) if short[:n])


def _stands_in(short: str, word: str) -> bool:
    """Whether the word begins like the short one and has its other letters, in their order."""
    letters = iter(word[1:])
    return word[:1] == short[:1] and all(letter in letters for letter in short[1:])
