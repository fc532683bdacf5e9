"""What is said of legs, and how they are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from core.codes import Zone
from core.errors import N_
from core.money import Money, is_currency
from core.text import Blank, ClockTime, DecimalText, Line, wrong
from events.programme.events.schemas import Day
from visits.legs.models import Leg, LegPassenger
from visits.legs.rules import FarePayer, PassengerState, carrier_and_number
from visits.travel_types import TravelMode

_SHORT = Annotated[Line, Field(max_length=20)]


OptionalDay = Annotated[Day | None, Blank]
OptionalZone = Annotated[Zone | None, Blank]


def _named(text: str) -> str:
    if not any(c.isalpha() for c in text):
        raise wrong(N_("Please write an airport code or a town. Example: IST or Ankara."))
    return text


PlaceName = Annotated[Line, Field(max_length=80), AfterValidator(_named)]


class LegIn(BaseModel):
    """A leg as somebody knows it. Times are by the clocks of the two places, and may be left out; where a clock shows a
    time twice, write the offset behind it: 02:30+02:00. Zones only where the place is not known."""

    model_config = ConfigDict(extra="forbid")

    mode: TravelMode = TravelMode.flight
    carrier: Annotated[Line, Field(max_length=40)] = ""
    number: _SHORT = ""
    origin: PlaceName
    destination: PlaceName
    day: Day
    departs: ClockTime = None
    boards: ClockTime = None
    arrives: ClockTime = None
    arrival_day: OptionalDay = None
    origin_terminal: _SHORT = ""
    destination_terminal: _SHORT = ""
    origin_zone: OptionalZone = None
    destination_zone: OptionalZone = None

    @model_validator(mode="after")
    def _numbered(self) -> "LegIn":
        self.carrier, self.number = carrier_and_number(self.carrier, self.number)
        return self

    @classmethod
    def fields_of(cls, leg: Leg) -> dict[str, Any]:
        """A leg as its form shows it before anything is changed."""

        def clock(moment: Any) -> str:
            return f"{moment.clock:%H:%M}{moment.offset.removeprefix('UTC')}" if moment and moment.clock else ""

        arrives = leg.arrives
        return {
            "mode": leg.mode.value,
            "carrier": leg.carrier,
            "number": leg.number,
            "origin": leg.from_label,
            "destination": leg.to_label,
            "day": leg.day.isoformat(),
            "departs": clock(leg.departs),
            "boards": clock(leg.boards),
            "arrives": clock(arrives),
            "arrival_day": arrives.day.isoformat() if arrives and arrives.day != leg.day else "",
            "origin_terminal": leg.origin_terminal,
            "destination_terminal": leg.destination_terminal,
            "origin_zone": "",
            "destination_zone": "",
        }


class PassengerIn(BaseModel):
    """What one person alone has of a leg. An amount needs its currency."""

    model_config = ConfigDict(extra="forbid")

    state: PassengerState = PassengerState.booked
    seat: Annotated[Line, Field(max_length=10)] = ""
    reference: _SHORT = ""
    ticket_number: _SHORT = ""
    ticket_name: Annotated[Line, Field(max_length=80)] = ""
    travel_class: _SHORT = ""
    fare: Annotated[Annotated[Decimal, Field(ge=0, le=1_000_000), DecimalText] | None, Blank] = None
    fare_currency: Annotated[Line, Field(max_length=3)] = ""
    paid_by: FarePayer = FarePayer.project

    @model_validator(mode="after")
    def _whole_amount(self) -> "PassengerIn":
        self.fare_currency = self.fare_currency.upper()
        if self.fare is None:
            self.fare_currency = ""
            return self
        if not is_currency(self.fare_currency) or Money(self.fare, self.fare_currency).rounded().amount != self.fare:
            raise wrong(N_("Please write the fare with its currency, like EUR 245.50."))
        return self


class NewLeg(BaseModel):
    """A leg with those who travel on it, named by their registrations."""

    model_config = ConfigDict(extra="forbid")

    leg: LegIn
    registrations: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    state: PassengerState = PassengerState.booked


class LegPassengersIn(BaseModel):
    """People to be put on a leg that is there, named by their registrations."""

    model_config = ConfigDict(extra="forbid")

    registrations: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    state: PassengerState = PassengerState.booked


class OwnLegIn(BaseModel):
    """A leg of the own journey."""

    model_config = ConfigDict(extra="forbid")

    leg: LegIn
    has_ticket: bool = False


class PassengerOut(BaseModel):
    """One person on a leg."""

    registration_id: UUID
    state: PassengerState
    seat: str
    reference: str
    ticket_number: str
    ticket_name: str
    travel_class: str
    fare: Decimal | None
    fare_currency: str
    paid_by: FarePayer

    @classmethod
    def of(cls, one: LegPassenger, *, is_whole: bool) -> "PassengerOut":
        """Reference, ticket number and name are left out for whoever does not book: they open the booking at the
        carrier."""
        fare = None if one.fare_minor is None else Money.of_minor(one.fare_minor, one.fare_currency).amount
        shown = one.model_dump(exclude={"id", "leg_id", "fare_minor", "changed_at"})
        if not is_whole:
            shown |= {"reference": "", "ticket_number": "", "ticket_name": ""}
        return cls(fare=fare, **shown)


class LegOut(BaseModel):
    """A leg: moments in UTC with the zones beside them, and what the clocks show. `minutes` is how long it takes."""

    id: UUID
    mode: TravelMode
    carrier: str
    number: str
    origin: str
    origin_code: str
    origin_zone: str
    destination: str
    destination_code: str
    destination_zone: str
    day: date
    arrival_day: date | None
    departs: str | None
    arrives: str | None
    departs_at: datetime | None
    arrives_at: datetime | None
    boards_at: datetime | None
    minutes: int | None
    is_cancelled: bool
    revision: int
    passengers: list[PassengerOut]

    @classmethod
    def of(cls, leg: Leg, passengers: Sequence[LegPassenger], *, is_whole: bool) -> "LegOut":
        arrives = leg.arrives
        known = {name: getattr(leg, name) for name in cls.model_fields if name in type(leg).model_fields}
        return cls(
            **known
            | {
                "arrival_day": arrives.day if arrives else None,
                "departs": f"{leg.departs.clock:%H:%M}" if leg.departs.clock else None,
                "arrives": f"{arrives.clock:%H:%M}" if arrives and arrives.clock else None,
                "minutes": leg.minutes,
                "is_cancelled": leg.cancelled_at is not None,
                "revision": leg.sequence,
                "passengers": [PassengerOut.of(one, is_whole=is_whole) for one in passengers],
            }
        )
