"""What is said of rooms and of who sleeps in them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.paging import sort_by
from core.text import Line, Prose
from visits.hotels.models import Room
from visits.hotels.rules import Board, RoomType
from visits.rooms.models import EventRooms, RoomLine, RoomProposed

RoomSort = Annotated[str, sort_by("number", "type", "guests")]


class RoomIn(BaseModel):
    """A room of a hotel; `room_number` is the hotel's own number, known late."""

    model_config = ConfigDict(extra="forbid")

    room_type: RoomType = RoomType.twin
    board: Board = Board.breakfast
    room_number: Annotated[Line, Field(max_length=20)] = ""
    is_accessible: bool = False
    is_smoking: bool = False
    pays_extras: bool = True
    remarks: Annotated[Prose, Field(max_length=500)] = ""


class GuestsIn(BaseModel):
    """Stays that are put into a room."""

    model_config = ConfigDict(extra="forbid")

    stays: Annotated[list[UUID], Field(min_length=1, max_length=3)]


class ConfirmedRooms(BaseModel):
    """Which proposed rooms are made."""

    model_config = ConfigDict(extra="forbid")

    keys: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=500)]


class RoomsMade(BaseModel):
    """How many rooms were made."""

    rooms: int


class RoomGuestOut(BaseModel):
    """One person's nights in a room."""

    stay_id: UUID
    registration_id: UUID
    name: str
    check_in: date
    check_out: date


class RoomOut(BaseModel):
    """A room and who sleeps in it."""

    id: UUID
    hotel_id: UUID
    number: int
    room_number: str
    room_type: RoomType
    board: Board
    is_accessible: bool
    is_smoking: bool
    pays_extras: bool
    remarks: str
    guests: list[RoomGuestOut]

    @classmethod
    def of(cls, room: Room, line: RoomLine) -> "RoomOut":
        guests = [
            RoomGuestOut(
                stay_id=one.stay.id,
                registration_id=one.stay.registration_id,
                name=one.name,
                check_in=one.stay.check_in,
                check_out=one.stay.check_out,
            )
            for one in line.guests
        ]
        return cls(guests=guests, **room.model_dump(exclude={"event_id"}))

    @classmethod
    def without_guests(cls, room: Room) -> "RoomOut":
        return cls(guests=[], **room.model_dump(exclude={"event_id"}))


class RoomProposalOut(BaseModel):
    """Who could share a room, or have one alone; `key` makes it, until anything of it changes. `room_id` is a room
    that stands empty on these nights, null where a new one is made; `is_over_block` where the hotel's block has none
    left."""

    key: str
    hotel_id: UUID
    room_type: RoomType
    room_id: UUID | None
    is_over_block: bool
    stays: list[UUID]
    names: list[str]

    @classmethod
    def of(cls, one: RoomProposed) -> "RoomProposalOut":
        return cls(
            key=one.key,
            hotel_id=one.hotel_id,
            room_type=one.room_type,
            room_id=one.room.id if one.room else None,
            is_over_block=one.is_over,
            stays=[guest.stay.id for guest in one.guests],
            names=[guest.name for guest in one.guests],
        )


class RoomsOut(BaseModel):
    """All rooms, what is proposed for those without one, and whom somebody has to ask first."""

    rooms: list[RoomOut]
    proposals: list[RoomProposalOut]
    ask: list[UUID]

    @classmethod
    def of(cls, shown: EventRooms) -> "RoomsOut":
        return cls(
            rooms=[RoomOut.of(line.room, line) for one in shown.hotels for line in one.rooms],
            proposals=[RoomProposalOut.of(one) for one in shown.proposals],
            ask=[guest.stay.id for guest in shown.ask],
        )
