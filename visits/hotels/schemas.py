"""What is said of hotels, blocks and rooms."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.codes import Country
from core.errors import N_
from core.money import Money, is_currency
from core.text import (
    AddressOrNone,
    Blank,
    DecimalText,
    Line,
    Name,
    PlainClockTime,
    Prose,
    Telephone,
    WholeNumber,
    wrong,
)
from events.programme.events.schemas import Day
from visits.hotels.models import Hotel, RoomBlock
from visits.hotels.rules import Board, RoomType

MOST_NIGHTS = 31


class HotelIn(BaseModel):
    """A hotel; times by its own clock."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Annotated[Line, Field(max_length=200)] = ""
    city: Annotated[Line, Field(max_length=80)] = ""
    country: Country
    phone: Telephone = ""
    email: AddressOrNone = ""
    contact: Annotated[Line, Field(max_length=120)] = ""
    check_in_from: PlainClockTime = None
    check_out_until: PlainClockTime = None
    remarks: Annotated[Prose, Field(max_length=1000)] = ""


class HotelOut(BaseModel):
    """A hotel of a visit; times by its own clock, as HH:MM."""

    id: UUID
    name: str
    address: str
    city: str
    country: str
    phone: str
    email: str
    contact: str
    check_in_from: str | None
    check_out_until: str | None
    remarks: str

    @classmethod
    def of(cls, hotel: Hotel) -> "HotelOut":
        clocks = {
            name: f"{clock:%H:%M}" if (clock := getattr(hotel, name)) else None
            for name in ("check_in_from", "check_out_until")
        }
        return cls(**hotel.model_dump(include=set(cls.model_fields)) | clocks)


class BlockIn(BaseModel):
    """Rooms that a hotel keeps: of one type, so many for each night from check-in to check-out. `released` of them are
    given back. The rate is per room and night and needs its currency."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[Line, Field(max_length=40)] = ""
    room_type: RoomType
    check_in: Day
    check_out: Day
    rooms: Annotated[WholeNumber, Field(ge=1, le=500)]
    released: Annotated[WholeNumber, Field(ge=0, le=500)] = 0
    rate: Annotated[Annotated[Decimal, Field(ge=0, le=100_000), DecimalText] | None, Blank] = None
    rate_currency: Annotated[Line, Field(max_length=3, validate_default=True)] = ""
    board: Board = Board.breakfast
    cut_off: Annotated[Day | None, Blank] = None

    @field_validator("check_out")
    @classmethod
    def _some_nights(cls, check_out: date, others: ValidationInfo) -> date:
        check_in = others.data.get("check_in")
        if check_in and check_out <= check_in:
            raise wrong(N_("Check-out has to be after check-in."))
        if check_in and (check_out - check_in).days > MOST_NIGHTS:
            raise wrong(N_("A stay has at most %(days)s nights."), days=MOST_NIGHTS)
        return check_out

    @field_validator("released")
    @classmethod
    def _of_them(cls, released: int, others: ValidationInfo) -> int:
        if released > others.data.get("rooms", released):
            raise wrong(N_("No more rooms can be released than are in the block."))
        return released

    @field_validator("rate_currency")
    @classmethod
    def _whole_amount(cls, currency: str, others: ValidationInfo) -> str:
        rate = others.data.get("rate")
        if rate is None:
            return ""
        if not is_currency(currency.upper()) or Money(rate, currency.upper()).rounded().amount != rate:
            raise wrong(N_("Please write the rate with its currency, like EUR 120.00."))
        return currency.upper()

    def values(self) -> dict[str, Any]:
        """As the table keeps it."""
        minor = None if self.rate is None else Money(self.rate, self.rate_currency).minor
        return self.model_dump(exclude={"rate"}) | {"rate_minor": minor}


class BlockOut(BaseModel):
    """Rooms that a hotel keeps."""

    id: UUID
    hotel_id: UUID
    code: str
    room_type: RoomType
    check_in: date
    check_out: date
    rooms: int
    released: int
    rate: Decimal | None
    rate_currency: str
    board: Board
    cut_off: date | None

    @classmethod
    def of(cls, block: RoomBlock) -> "BlockOut":
        amount = block.rate.amount if block.rate else None
        return cls(rate=amount, **block.model_dump(exclude={"event_id", "rate_minor"}))
