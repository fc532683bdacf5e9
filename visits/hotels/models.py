"""Hotels, the rooms they keep for a visit, and the rooms that are given out."""

from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, secret
from core.ids import new_id
from core.money import Money
from visits.hotels.rules import Board, HeldRooms, RoomType


class Hotel(SQLModel, table=True):
    """Where people of one visit sleep. Times are by its own clock."""

    __tablename__ = "hotel"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    name: str = Field(max_length=120)
    address: str = Field(default="", max_length=200)
    city: str = Field(default="", max_length=80)
    country: str = Field(max_length=2)
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=254)
    contact: str = secret(default="")
    check_in_from: time | None = None
    check_out_until: time | None = None
    remarks: str = secret(default="")


class RoomBlock(SQLModel, table=True):
    """Rooms of one type that a hotel keeps for each night of a span; `released` of them were given back.

    The rate is per room and night. After `cut_off` the hotel may sell what has no name.
    """

    __tablename__ = "room_block"
    __table_args__ = (
        CheckConstraint("check_out > check_in", name="at_least_a_night"),
        CheckConstraint("released >= 0 AND released <= rooms", name="released_of_them"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    hotel_id: UUID = Field(foreign_key="hotel.id")
    code: str = Field(default="", max_length=40)
    room_type: RoomType = choice(RoomType)
    check_in: date
    check_out: date
    rooms: int
    released: int = 0
    rate_minor: int | None = None
    rate_currency: str = Field(default="", max_length=3)
    board: Board = choice(Board, default=Board.breakfast)
    cut_off: date | None = None

    @property
    def held(self) -> HeldRooms:
        return HeldRooms(self.room_type, self.check_in, self.check_out, self.rooms - self.released)

    @property
    def last_night(self) -> date:
        return self.check_out - timedelta(days=1)

    @property
    def rate(self) -> Money | None:
        """Per room and night."""
        return None if self.rate_minor is None else Money.of_minor(self.rate_minor, self.rate_currency)


class Room(SQLModel, table=True):
    """One room that people of the visit sleep in: `number` is that of our list, `room_number` the hotel’s, known late.

    Who sleeps in it when is said by the nights (`Stay.room_id`), so that it follows when nights change.
    """

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("hotel_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    hotel_id: UUID = Field(foreign_key="hotel.id")
    number: int
    room_number: str = Field(default="", max_length=20)
    room_type: RoomType = choice(RoomType)
    board: Board = choice(Board, default=Board.breakfast)
    is_accessible: bool = False
    is_smoking: bool = False
    pays_extras: bool = True
    remarks: str = secret(default="")
