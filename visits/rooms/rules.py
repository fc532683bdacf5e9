"""Who shares a room, and what is wrong with rooms. Pure.

Nobody is put together by where they come from. What is proposed is confirmed by a person.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import N_, Refusal
from visits.bookings.matching import owner_of
from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.hotels.rules import HeldRooms, RoomType, SharingWish, TakenRoom, nights_between, over_block

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


def type_for(people: int, held: Collection[RoomType]) -> RoomType:
    """Which type of room so many people get, of what the hotel keeps where it keeps any."""
    wanted = [RoomType.twin, RoomType.double] if people > 1 else [RoomType.single, RoomType.double, RoomType.twin]
    return next((kind for kind in wanted if kind in held), wanted[0])
