"""Who shares a room, and what is wrong with rooms. Pure.

Nobody is put together by where they come from. What is proposed is confirmed by a person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import N_, Refusal
from visits.bookings.matching import owner_of
from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.hotels.rules import (
    HeldRooms,
    NightUse,
    RoomType,
    SharingWish,
    TakenRoom,
    nights_between,
    over_block,
    use_of,
)

_BETWEEN_NAMES = re.compile(r"[,;/\n]|\s(?:ve|and|und|veya|or)\s")


class RoomFull(Refusal):
    """Somebody else got the bed first."""

    status, code, title = 409, "room-full", N_("Room %(number)s has no bed left on these nights.")


class OtherHotel(Refusal):
    status, code, title = 409, "other-hotel", N_("These nights are in another hotel than the room.")


class RoomingChanged(Refusal):
    """Nights, wishes or rooms changed since the proposal was shown."""

    status, code, title = 409, "rooming-changed", N_("Nights or rooms have changed meanwhile. Please look again.")


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
    """Both want to, are of one sex that both told, are there on one night at least, and neither said "not with"."""
    return (
        one.wish is other.wish is SharingWish.shares
        and one.sex == other.sex
        and one.sex in ("F", "M")
        and other.key not in one.not_with
        and one.key not in other.not_with
        and (one.rank is None or other.rank is None or one.rank == other.rank)
        and (not one.nights or not other.nights or bool(one.nights & other.nights))
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


@dataclass(frozen=True)
class RoomGuest:
    """One stay in a room. `key` is whose findings are told. `wish` is None for who has told nothing of rooms,
    `not_with` as it was written."""

    key: str
    sex: str
    check_in: date
    check_out: date
    name: str = ""
    wish: SharingWish | None = None
    not_with: str = ""

    @property
    def nights(self) -> frozenset[date]:
        return frozenset(nights_between(self.check_in, self.check_out))


@dataclass(frozen=True)
class RoomUse:
    """A room of a hotel with those who sleep in it."""

    key: str
    room_type: RoomType
    guests: tuple[RoomGuest, ...] = ()

    @property
    def taken(self) -> TakenRoom:
        return TakenRoom(self.key, self.room_type, frozenset(n for guest in self.guests for n in guest.nights))


def room_findings(blocks: Sequence[HeldRooms], rooms: Sequence[RoomUse]) -> Mapping[str, list[TravelFinding]]:
    """What is wrong with the rooms of one hotel, for everybody who is concerned: beyond the block, a bed that is free
    in a shared room, people of different sex in one; each is told with its first night. For whoever shares one against
    what they said, that."""
    found: dict[str, list[TravelFinding]] = defaultdict(list)
    over = over_block(blocks, [room.taken for room in rooms])
    for room in rooms:
        there = {night: [g for g in room.guests if night in g.nights] for night in sorted(room.taken.nights)}
        half_empty = next((night for night, guests in there.items() if len(guests) < room.room_type.beds), None)
        mixed = next((night for night, guests in there.items() if is_mixed(g.sex for g in guests)), None)
        use = over.get(room.key)
        for night, code, numbers in (
            (use.night if use else None, FindingCode.over_block, {"rooms": use.taken, "held": use.held} if use else {}),
            (half_empty, FindingCode.room_half_empty, {}),
            (mixed, FindingCode.mixed_room, {}),
        ):
            if night is not None:
                for guest in there[night]:
                    found[guest.key].append(finding(code, room.key, numbers=numbers, night=night.isoformat()))
        for guest in room.guests:
            found[guest.key] += _against_wish(guest, room)
    return found


def _against_wish(guest: RoomGuest, room: RoomUse) -> list[TravelFinding]:
    """By the rules by which rooms are proposed: who shares has said so, with women or with men, and not “not with”."""
    mates = {one.key: one.name for one in room.guests if one.key != guest.key and one.nights & guest.nights}
    if not mates:
        return []
    found = []
    told = "silent" if guest.wish is None else "single" if guest.wish is SharingWish.single else "unsaid"
    if told != "unsaid" or guest.sex not in ("F", "M"):
        found.append(finding(FindingCode.room_wish, room.key, name=guest.name, told=told))
    # Two of one name are both meant: nobody knows which.
    refused = [key for key, name in mates.items() if named_in(guest.not_with, {key: name})[0]]
    return found + [
        finding(FindingCode.room_not_with, room.key, key, name=guest.name, other=mates[key]) for key in refused
    ]


def named_in(text: str, people: Mapping[str, str]) -> tuple[frozenset[str], bool]:
    """Whom a wish names, by the keys of `people` (names by key), and whether all that it says was understood: a name
    that two people bear, or nobody, has to be asked about."""
    keys, is_clear = set(), True
    for piece in _BETWEEN_NAMES.split(text):
        if not piece.strip(" ."):
            continue
        match = owner_of(piece.strip(" ."), people.values())
        named = [key for key, name in people.items() if match and name == match.participant]
        is_clear = is_clear and len(named) == 1
        keys.update(named)
    return frozenset(keys), is_clear


@dataclass(frozen=True)
class RoomWanted:
    """People who would sleep in one room, and on which nights; `smokes` where all of them wish for a smoking room."""

    key: str
    people: int
    nights: frozenset[date]
    smokes: bool = False


@dataclass(frozen=True)
class RoomThere:
    """A room that is entered, with the nights on which anybody sleeps in it."""

    key: str
    room_type: RoomType
    nights: frozenset[date] = frozenset()
    is_smoking: bool = False


@dataclass(frozen=True)
class AllottedRoom:
    """Which type people would get: in the room `there` that stands empty on their nights, else in a new one. `is_over`
    where the block of the hotel has none left."""

    room_type: RoomType
    there: str | None = None
    is_over: bool = False


_KINDS_ALONE = (RoomType.single, RoomType.double, RoomType.twin)
_KINDS_SHARED = (RoomType.twin, RoomType.double)


def allotted(
    blocks: Sequence[HeldRooms], rooms: Sequence[RoomThere], wanted: Sequence[RoomWanted]
) -> Mapping[str, AllottedRoom]:
    """A room for each of these, by key: those who share first, for whom fewer kinds will do. Rooms that stand empty
    come before new ones, and of these what the block still has before what it has not."""
    uses = use_of(blocks, [TakenRoom(room.key, room.room_type, room.nights) for room in rooms])
    left = defaultdict(int, {(use.night, use.room_type): use.held - use.taken for use in uses})
    kept = {block.room_type for block in blocks if block.rooms > 0}
    nights = {room.key: set(room.nights) for room in rooms}
    found = {}
    for one in sorted(wanted, key=lambda one: -one.people):
        kinds = _KINDS_SHARED if one.people > 1 else _KINDS_ALONE
        fitting = (
            room
            for kind in kinds
            for room in rooms
            if room.room_type is kind
            and one.nights.isdisjoint(nights[room.key])
            and (one.smokes or not room.is_smoking)
        )
        there = next(fitting, None)
        free = (kind for kind in kinds if all(left[night, kind] > 0 for night in one.nights))
        usual = next((kind for kind in kinds if kind in kept), kinds[0])
        kind = there.room_type if there else next(free, usual)
        is_over = bool(blocks) and any(left[night, kind] <= 0 for night in one.nights)
        found[one.key] = AllottedRoom(kind, there.key if there else None, is_over)
        for night in one.nights:
            left[night, kind] -= 1
        if there:
            nights[there.key] |= one.nights
    return found


def tightest(uses: Iterable[NightUse]) -> list[NightUse]:
    """Of each type the night on which the block has least left."""
    found: dict[RoomType, NightUse] = {}
    for use in uses:
        known = found.get(use.room_type)
        if known is None or use.held - use.taken < known.held - known.taken:
            found[use.room_type] = use
    return sorted(found.values(), key=lambda use: list(RoomType).index(use.room_type))
