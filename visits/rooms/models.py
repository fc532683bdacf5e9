"""Rooms with those who sleep in them, as pages and lists read them. The tables are those of hotels and stays."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from events.programme.events.models import Event
from visits.hotels.models import Hotel, Room, RoomBlock
from visits.hotels.rules import NightUse, RoomType, SharingWish, TakenRoom, nights_between, use_of
from visits.rooms.rules import RoomGuest, RoomUse, tightest
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
    """A room that could be made, or `room` that stands empty on these nights; `key` names it until its guests or their
    nights change. `is_over` where the block of the hotel has none left."""

    hotel_id: UUID
    room_type: RoomType
    guests: Sequence[RoomedGuest]
    room: Room | None = None
    is_over: bool = False

    @property
    def key(self) -> str:
        stays = [(g.stay.id, g.stay.check_in, g.stay.check_out) for g in self.guests]
        said = repr((self.hotel_id, self.room_type, self.room and self.room.id, stays))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def nights(self) -> frozenset[date]:
        return frozenset(night for guest in self.guests for night in guest.as_guest.nights)

    @property
    def taken(self) -> TakenRoom:
        """As it would count against the block."""
        return TakenRoom(self.key, self.room_type, self.nights)


@dataclass(frozen=True)
class HotelRooms:
    """One hotel with its blocks, rooms, and the guests without a room."""

    hotel: Hotel
    blocks: Sequence[RoomBlock]
    rooms: Sequence[RoomLine]
    waiting: Sequence[RoomedGuest]

    @property
    def by_number(self) -> list[RoomLine]:
        """Rooms as they were made, however they are shown: of those beyond a block the last count, and the first that
        stand empty are filled."""
        return sorted(self.rooms, key=lambda line: line.room.number)

    @property
    def by_night(self) -> list[NightUse]:
        """Rooms by night and type against the block. Who has no room yet is in none."""
        return use_of([block.held for block in self.blocks], [line.use.taken for line in self.rooms])

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

    def with_proposals(self, one: HotelRooms) -> list[NightUse]:
        """Rooms of each type on the night on which the block has least left, if all that is proposed were made. Nothing
        where the hotel keeps no block."""
        mine = [proposed for proposed in self.proposals if proposed.hotel_id == one.hotel.id]
        if not one.blocks or not mine:
            return []
        taken = [line.use.taken for line in one.rooms] + [proposed.taken for proposed in mine]
        return tightest(use_of([block.held for block in one.blocks], taken))
