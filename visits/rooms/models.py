"""Rooms with those who sleep in them, as pages and lists read them. The tables are those of hotels and stays."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from events.programme.events.models import Event
from visits.hotels.models import Hotel, Room, RoomBlock
from visits.hotels.rules import NightUse, RoomType, SharingWish, TakenRoom, nights_between, use_of
from visits.rooms.rules import RoomGuest, RoomUse
from visits.stays.models import Stay


@dataclass(frozen=True)
class RoomedGuest:
    """One stay in a hotel and whose it is; `has_place` is no more where they cancelled and nobody took the bed away.
    `wish` is what they told of rooms, empty where nothing is known."""

    stay: Stay
    name: str
    has_place: bool
    sex: str
    wish: Mapping[str, Any]

    @property
    def as_guest(self) -> RoomGuest:
        return RoomGuest(
            str(self.stay.registration_id),
            self.sex,
            self.stay.check_in,
            self.stay.check_out,
            self.name,
            SharingWish(self.wish["sharing"]) if self.wish else None,
            str(self.wish.get("not_with", "")),
        )


@dataclass(frozen=True)
class RoomLine:
    """A room with its guests, as they come."""

    room: Room
    guests: Sequence[RoomedGuest]

    @property
    def use(self) -> RoomUse:
        return RoomUse(str(self.room.id), self.room.room_type, tuple(guest.as_guest for guest in self.guests))


@dataclass(frozen=True)
class RoomProposed:
    """A room that could be made; `key` names it until its guests or their nights change."""

    hotel_id: UUID
    room_type: RoomType
    guests: Sequence[RoomedGuest]

    @property
    def key(self) -> str:
        said = repr(
            (self.hotel_id, self.room_type, [(g.stay.id, g.stay.check_in, g.stay.check_out) for g in self.guests])
        )
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class HotelRooms:
    """One hotel with its blocks, rooms, and the guests without a room."""

    hotel: Hotel
    blocks: Sequence[RoomBlock]
    rooms: Sequence[RoomLine]
    waiting: Sequence[RoomedGuest]

    @property
    def by_night(self) -> list[NightUse]:
        """Rooms by night and type against the block. Who has no room yet is in none."""
        taken = [
            TakenRoom(str(line.room.id), line.room.room_type, frozenset(line.use.taken.nights)) for line in self.rooms
        ]
        return use_of([block.held for block in self.blocks], taken)

    @property
    def nights(self) -> int:
        """How many nights of people are entered."""
        guests = [guest for line in self.rooms for guest in line.guests] + list(self.waiting)
        return sum(len(nights_between(guest.stay.check_in, guest.stay.check_out)) for guest in guests)


@dataclass(frozen=True)
class EventRooms:
    """All hotels of a visit; `proposals` are for guests without a room, `ask` whom somebody has to ask first."""

    event: Event
    hotels: Sequence[HotelRooms]
    proposals: Sequence[RoomProposed]
    ask: Sequence[RoomedGuest]
