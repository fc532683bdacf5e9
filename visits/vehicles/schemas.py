"""What is said of vehicles, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.paging import sort_by
from core.text import ClockTime, Line, Telephone, WholeNumber
from events.programme.events.schemas import Day
from visits.legs.schemas import OptionalZone
from visits.travel_types import LocalTime
from visits.vehicles.composition import PlannedVehicle, Ride, SuggestedVehicle, VehicleSuggestion
from visits.vehicles.models import Vehicle
from visits.vehicles.rules import VehicleDirection

VehicleSort = Annotated[str, sort_by("time", "vehicle", "way", "seats")]

_SHORT = Annotated[Line, Field(max_length=40)]
_NAME = Annotated[Line, Field(max_length=120)]
_PLACE = Annotated[Line, Field(min_length=1, max_length=120)]
Seats = Annotated[WholeNumber, Field(ge=1, le=100)]


class VehicleIn(BaseModel):
    """A vehicle as somebody orders it. `pick_up` is by the clock of `zone` (the event's where none is chosen), and
    only for what leaves by a time of its own: without it the legs of the passengers say when."""

    model_config = ConfigDict(extra="forbid")

    direction: VehicleDirection = VehicleDirection.arrivals
    name: Annotated[Line, Field(min_length=1, max_length=80)]
    plate: _SHORT = ""
    seats: Seats
    driver_name: _NAME = ""
    driver_phone: Telephone = ""
    contact_name: _NAME = ""
    contact_phone: Telephone = ""
    meeting_point: Annotated[Line, Field(max_length=200)] = ""
    sign_text: _NAME = ""
    baggage: Annotated[Line, Field(max_length=200)] = ""
    origin: _PLACE
    destination: _PLACE
    day: Day
    pick_up: ClockTime = None
    zone: OptionalZone = None
    drive_minutes: Annotated[WholeNumber, Field(ge=0, le=1440)] = 0

    @classmethod
    def fields_of(cls, vehicle: Vehicle) -> dict[str, Any]:
        """A vehicle as its form shows it before anything is changed."""
        kept = vehicle.model_dump(include=set(cls.model_fields), mode="json")
        fixed = vehicle.fixed
        offset = fixed.offset.removeprefix("UTC") if fixed else ""
        return kept | {"pick_up": f"{fixed.clock:%H:%M}{offset}" if fixed and fixed.clock else ""}


class NewPassengers(BaseModel):
    """Who is to ride, by their registrations."""

    model_config = ConfigDict(extra="forbid")

    registrations: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class SuggestionIn(BaseModel):
    """For which day's arrivals vehicles of so many seats are suggested, and how long the drive takes."""

    model_config = ConfigDict(extra="forbid")

    day: Day
    seats: Seats = 16
    destination: _PLACE = "Hotel"
    drive_minutes: Annotated[WholeNumber, Field(ge=0, le=1440)] = 30


class SuggestionTaken(SuggestionIn):
    """A suggestion that somebody looked at: `digest` as it came with it."""

    digest: Annotated[str, Field(min_length=1, max_length=64)]


class DriverSheetIn(BaseModel):
    """Driver's sheets of these vehicles, or of all that run on a day; who gets them stands across each page."""

    model_config = ConfigDict(extra="forbid")

    recipient: Annotated[Line, Field(min_length=1, max_length=120)]
    vehicles: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    language: Annotated[str, Field(pattern="^(en|tr)$")] = "en"


class RideOut(BaseModel):
    """One passenger. Whose leg is off, or on another day, rides no more: `is_riding` is false."""

    registration_id: UUID
    leg_id: UUID | None
    is_riding: bool
    waits: int | None

    @classmethod
    def of(cls, ride: Ride) -> "RideOut":
        return cls(
            registration_id=ride.registration_id,
            leg_id=ride.leg.id if ride.leg else None,
            is_riding=ride.is_riding,
            waits=ride.waits,
        )


class VehicleOut(BaseModel):
    """A vehicle: `pick_up` by the clock of its place, null where a time is not known; `is_fixed` where it was set by
    hand, `fits` where it suits the legs of those who ride. Plate, driver and contact are left out for whoever does not
    plan."""

    id: UUID
    direction: VehicleDirection
    name: str
    plate: str
    seats: int
    people: int
    driver_name: str
    driver_phone: str
    contact_name: str
    contact_phone: str
    meeting_point: str
    sign_text: str
    baggage: str
    origin: str
    destination: str
    day: date
    zone: str
    pick_up: str | None
    pick_up_at: datetime | None
    is_fixed: bool
    fits: bool
    drive_minutes: int
    is_cancelled: bool
    passengers: list[RideOut]

    @classmethod
    def of(cls, planned: PlannedVehicle, *, is_whole: bool) -> "VehicleOut":
        vehicle, pick_up = planned.vehicle, planned.pick_up
        known = {name: getattr(vehicle, name) for name in cls.model_fields if name in type(vehicle).model_fields}
        if not is_whole:
            hidden = ("plate", "driver_name", "driver_phone", "contact_name", "contact_phone")
            known |= dict.fromkeys(hidden, "")
        known["zone"] = pick_up.zone if pick_up else vehicle.zone
        return cls(
            **known,
            people=planned.people,
            pick_up=_wall(pick_up),
            pick_up_at=pick_up.instant if pick_up else None,
            is_fixed=vehicle.fixed_at is not None,
            fits=planned.misfit is None,
            is_cancelled=vehicle.cancelled_at is not None,
            passengers=[RideOut.of(ride) for ride in planned.rides],
        )


def _wall(moment: LocalTime | None) -> str | None:
    """What the clock shows, with the offset where it shows it twice."""
    if moment is None or moment.clock is None:
        return None
    return f"{moment.day}T{moment.clock:%H:%M}{moment.offset.removeprefix('UTC')}"


class SuggestedVehicleOut(BaseModel):
    """A vehicle that would do for these people. Nothing is entered yet."""

    origin: str
    pick_up: str
    zone: str
    people: int
    longest_wait: int
    registrations: list[UUID]

    @classmethod
    def of(cls, one: SuggestedVehicle) -> "SuggestedVehicleOut":
        at = one.pick_up
        return cls(
            origin=one.origin,
            pick_up=f"{at.day}T{at.clock:%H:%M}",
            zone=at.zone,
            people=len(one.riders),
            longest_wait=one.longest_wait,
            registrations=[rider for rider, _ in one.riders],
        )


class VehicleSuggestionOut(BaseModel):
    """Vehicles for the arrivals of a day. Whoever has one already is left out, and who comes at a time that is not
    known (`unknown`)."""

    digest: str
    vehicles: list[SuggestedVehicleOut]
    unknown: list[UUID]

    @classmethod
    def of(cls, suggestion: VehicleSuggestion) -> "VehicleSuggestionOut":
        made = [SuggestedVehicleOut.of(one) for one in suggestion.vehicles]
        return cls(digest=suggestion.digest, vehicles=made, unknown=[rider for rider, _ in suggestion.unknown])
