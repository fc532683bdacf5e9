"""How the people of the demo's study visit travel, and what fetches them."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from directory.accounts.access import Caller
from events.programme.events.models import Event
from visits.legs.rules import PassengerState
from visits.legs.schemas import LegIn
from visits.legs.service import add_leg
from visits.vehicles.rules import VehicleDirection
from visits.vehicles.schemas import VehicleIn
from visits.vehicles.service import add_passengers, add_vehicle


async def fly(db: AsyncSession, visit: Event, people: list[UUID], organiser: Caller, *, at: datetime) -> None:
    """There in the morning of the first day, home in the evening of the last; both take 2 h 35 min."""
    ways = (("1887", "IST", "VIE", visit.first_day, time(5, 30)), ("1886", "VIE", "IST", visit.last_day, time(18, 25)))
    zones = {"IST": ZoneInfo("Europe/Istanbul"), "VIE": ZoneInfo("Europe/Vienna")}
    for number, origin, destination, day, departs in ways:
        left = datetime.combine(day, departs, zones[origin]).astimezone(UTC)
        arrives = (left + timedelta(minutes=155)).astimezone(zones[destination]).time()
        way = {"carrier": "TK", "number": number, "origin": origin, "destination": destination, "day": day}
        given = LegIn(**way, departs=departs, arrives=arrives)
        await add_leg(db, visit.id, given, people, PassengerState.ticketed, organiser, at=at)


async def ride(db: AsyncSession, visit: Event, people: list[UUID], organiser: Caller, *, at: datetime) -> None:
    """A minibus from the airport and one back; both leave by the flights of those who ride."""
    both = {
        "name": "Minibus 1",
        "plate": "W-4711 HY",
        "seats": 16,
        "driver_name": "Franz Huber",
        "driver_phone": "+43 1 5550100",
        "contact_name": "Elif Karaca",
        "contact_phone": "+90 312 5550100",
        "drive_minutes": 35,
        "zone": "Europe/Vienna",
    }
    hotel, airport = "Hotel am Schottentor", "Vienna Airport"
    there = VehicleIn(
        **both,
        origin=airport,
        destination=hotel,
        day=visit.first_day,
        meeting_point="Arrivals, exit 3",
        sign_text="Heyet Delegation",
    )
    back = VehicleIn(
        **both,
        direction=VehicleDirection.departures,
        origin=hotel,
        destination=airport,
        day=visit.last_day,
        meeting_point="Hotel lobby",
    )
    for given in (there, back):
        vehicle = await add_vehicle(db, visit.id, given, organiser, at=at)
        await add_passengers(db, vehicle.id, people, organiser, at=at)
