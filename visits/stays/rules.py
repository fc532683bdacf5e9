"""Who shares a room, and which meals are ordered for whom.

Nobody is put together by where they come from. What is proposed is confirmed by a person.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class RoomType(StrEnum):
    """Codes of hotels."""

    single = "SGL"
    double = "DBL"
    twin = "TWN"
    triple = "TRP"


class Board(StrEnum):
    room_only = "RO"
    breakfast = "BB"
    half = "HB"
    full = "FB"


class SharingWish(StrEnum):
    single = "single"
    shares = "shares"


@dataclass(frozen=True)
class RoomWish:
    """One guest's wishes. `sex` is "F" or "M", empty for who prefers not to say: they are asked, not paired.

    `rank` keeps ranks of institutions apart where a project wants it (None: all alike).
    """

    key: str
    sex: str = ""
    wish: SharingWish = SharingWish.single
    wants: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    rank: int | None = None
    nights: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RoomProposal:
    """`rooms` hold one or two keys; `ask` are those whom somebody has to ask first."""

    rooms: tuple[tuple[str, ...], ...]
    ask: tuple[str, ...]


def may_share(one: RoomWish, other: RoomWish) -> bool:
    """Both want to, are of one sex that both told, and neither said "not with"."""
    return (
        one.wish is other.wish is SharingWish.shares
        and one.sex == other.sex
        and one.sex in ("F", "M")
        and other.key not in one.not_with
        and one.key not in other.not_with
        and (one.rank is None or other.rank is None or one.rank == other.rank)
    )


def propose_rooms(guests: Sequence[RoomWish]) -> RoomProposal:
    """Pairs: first those who named each other, then those one of whom named the other, then who has the same nights.

    Within that by the order given, so that the same wishes give the same rooms.
    """
    ask = tuple(guest.key for guest in guests if guest.wish is SharingWish.shares and guest.sex not in ("F", "M"))
    order = {guest.key: place for place, guest in enumerate(guests)}
    pairs = [(one, other) for place, one in enumerate(guests) for other in guests[place + 1 :] if may_share(one, other)]
    rooms: dict[str, tuple[str, ...]] = {}
    for one, other in sorted(pairs, key=lambda pair: (_rank_of(*pair), order[pair[0].key], order[pair[1].key])):
        if one.key not in rooms and other.key not in rooms:
            rooms[one.key] = rooms[other.key] = (one.key, other.key)
    alone = {guest.key: (guest.key,) for guest in guests if guest.key not in rooms and guest.key not in ask}
    return RoomProposal(tuple(dict.fromkeys(sorted((rooms | alone).values(), key=lambda room: order[room[0]]))), ask)


def _rank_of(one: RoomWish, other: RoomWish) -> tuple[int, int, int]:
    named = (other.key in one.wants) + (one.key in other.wants)
    shared = len(one.nights & other.nights)
    apart = len(one.nights ^ other.nights)
    return -named, apart, -shared


def is_mixed(sexes: Iterable[str]) -> bool:
    """Whether a room holds people of different sex, as far as they told."""
    return len({sex for sex in sexes if sex in ("F", "M")}) > 1


class Diet(StrEnum):
    """What people say they eat, to the code of airlines and caterers (as of 2009, when HFML, LPML, ORML, PRML went)."""

    vegan = "VGML"
    vegetarian = "VLML"
    hindu_vegetarian = "AVML"
    raw_vegetarian = "RVML"
    jain_vegetarian = "VJML"
    oriental_vegetarian = "VOML"
    halal = "MOML"
    kosher = "KSML"
    hindu = "HNML"
    gluten_free = "GFML"
    lactose_free = "NLML"
    diabetic = "DBML"
    low_salt = "LSML"
    low_fat = "LFML"
    low_calorie = "LCML"
    bland = "BLML"
    fruit = "FPML"
    seafood = "SFML"
    child = "CHML"
    baby = "BBML"
    # No code for allergies: this one, with the text.
    other = "SPML"


def meals(diets: Iterable[Diet | None]) -> dict[str, int]:
    """How many of each, for hosts: counts, never names. None eats what there is."""
    return dict(sorted(Counter(diet.value if diet else "" for diet in diets).items()))
