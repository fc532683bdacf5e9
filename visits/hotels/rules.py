"""What hotels sell: types of rooms, board, and how rooms stand against a block. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import N_, Refusal


class RoomType(StrEnum):
    """Codes of hotels."""

    single = "SGL"
    double = "DBL"
    twin = "TWN"
    triple = "TRP"

    @property
    def beds(self) -> int:
        """How many people sleep in it."""
        return {RoomType.single: 1, RoomType.triple: 3}.get(self, 2)


class Board(StrEnum):
    room_only = "RO"
    breakfast = "BB"
    half = "HB"
    full = "FB"


class SharingWish(StrEnum):
    single = "single"
    shares = "shares"


ROOM_TYPES = {
    RoomType.single: N_("Single"),
    RoomType.double: N_("Double, one bed"),
    RoomType.twin: N_("Twin, two beds"),
    RoomType.triple: N_("Triple"),
}
BOARDS = {
    Board.room_only: N_("Room only"),
    Board.breakfast: N_("Bed and breakfast"),
    Board.half: N_("Half board"),
    Board.full: N_("Full board"),
}
SHARING_WISHES = {
    SharingWish.single: N_("A room of my own"),
    SharingWish.shares: N_("I can share a room"),
}


class HotelKnown(Refusal):
    """Two hotels of one name could not be told apart in lists."""

    status, code, title = 409, "hotel-known", N_("A hotel of this name is there already.")


class HotelInUse(Refusal):
    """Nights, rooms or lists hang on it."""

    status, code, title = (
        409,
        "hotel-in-use",
        N_("Nights, rooms or rooming lists belong to this hotel. Please take nights and rooms away; lists stay."),
    )


@dataclass(frozen=True)
class HeldRooms:
    """Rooms of one type that a hotel keeps, for the nights from check-in to check-out (half-open); what was given back
    is not counted."""

    room_type: RoomType
    check_in: date
    check_out: date
    rooms: int


@dataclass(frozen=True)
class TakenRoom:
    """A room with the nights on which anybody sleeps in it."""

    key: str
    room_type: RoomType
    nights: frozenset[date]


@dataclass(frozen=True)
class NightUse:
    """Rooms of one type on one night: taken, and held by the hotel."""

    night: date
    room_type: RoomType
    taken: int
    held: int

    @property
    def is_over(self) -> bool:
        return self.taken > self.held


def nights_between(check_in: date, check_out: date) -> list[date]:
    """Nights by the day on which each begins; none for the day of check-out."""
    return [check_in + timedelta(days=n) for n in range((check_out - check_in).days)]


def use_of(blocks: Iterable[HeldRooms], rooms: Iterable[TakenRoom]) -> list[NightUse]:
    """Each night and type that is held or taken, in order."""
    held: Counter[tuple[date, RoomType]] = Counter()
    for block in blocks:
        for night in nights_between(block.check_in, block.check_out):
            held[night, block.room_type] += block.rooms
    taken = Counter((night, room.room_type) for room in rooms for night in room.nights)
    order = list(RoomType)
    keys = sorted(held.keys() | taken.keys(), key=lambda key: (key[0], order.index(key[1])))
    return [NightUse(night, kind, taken[night, kind], held[night, kind]) for night, kind in keys]


def over_block(blocks: Sequence[HeldRooms], rooms: Sequence[TakenRoom]) -> Mapping[str, NightUse]:
    """Rooms beyond what the hotel keeps, by their key, with the first such night: on each night the last in the order
    given. Nothing where the hotel keeps no block at all: rooms are booked one by one then."""
    found: dict[str, NightUse] = {}
    if not blocks:
        return found
    for use in use_of(blocks, rooms):
        there = [room for room in rooms if room.room_type is use.room_type and use.night in room.nights]
        for room in there[use.held :]:
            found.setdefault(room.key, use)
    return found
