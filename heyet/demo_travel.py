"""How the people of the demo's study visit travel."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from directory.accounts.access import Caller
from events.programme.events.models import Event
from visits.legs.rules import PassengerState
from visits.legs.schemas import LegIn
from visits.legs.service import add_leg


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
