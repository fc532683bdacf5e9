"""How the people of the demo's study visit travel, what fetches them, and where they sleep."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from core.zones import days_between
from directory.accounts.access import Caller
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from visits.booklets.schemas import BookletTextIn
from visits.booklets.service import write_texts
from visits.hotels.rules import RoomType, SharingWish
from visits.hotels.schemas import BlockIn, HotelIn
from visits.hotels.service import add_block, add_hotel
from visits.legs.rules import PassengerState
from visits.legs.schemas import LegIn
from visits.legs.service import add_leg
from visits.rooming_lists.service import freeze
from visits.rooms.service import confirm, rooms_of
from visits.stays.schemas import NightsGone, NightsIn, PersonNights
from visits.stays.service import clear_nights, set_nights
from visits.travel_details.schemas import RoomWishIn
from visits.travel_details.service import tell_part
from visits.vehicles.rules import VehicleDirection
from visits.vehicles.schemas import VehicleIn
from visits.vehicles.service import add_passengers, add_vehicle

# Of the first of the list: who shares a room, and among whom.
_WISHES: tuple[tuple[SharingWish, Literal["F", "M", ""]], ...] = (
    (SharingWish.shares, "F"),
    (SharingWish.single, "M"),
    (SharingWish.shares, "F"),
    (SharingWish.single, "F"),
    (SharingWish.shares, ""),
)


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
        "name": "Transfer 1",
        "plate": "W-4711 HY",
        "seats": 16,
        "driver_name": "Franz Huber",
        "driver_phone": "+43 1 5550100",
        "contact_name": "Elif Karaca",
        "contact_phone": "+90 312 5550100",
        "drive_minutes": 35,
        "zone": "Europe/Vienna",
    }
    hotel, airport = "Hotel Regina", "Flughafen Wien"
    there = VehicleIn(
        **both,
        origin=airport,
        destination=hotel,
        day=visit.first_day,
        meeting_point="VIE, Terminal 3",
        sign_text="HEYET",
    )
    back = VehicleIn(
        **both,
        direction=VehicleDirection.departures,
        origin=hotel,
        destination=airport,
        day=visit.last_day,
        meeting_point="Hotel Regina",
    )
    for given in (there, back):
        vehicle = await add_vehicle(db, visit.id, given, organiser, at=at)
        await add_passengers(db, vehicle.id, people, organiser, at=at)


async def lodge(db: AsyncSession, visit: Event, people: list[UUID], organiser: Caller, *, at: datetime) -> None:
    """A hotel with a block, nights of all but one alike, and rooms as people wished for them."""
    regina = HotelIn(
        name="Hotel Regina",
        address="Rooseveltplatz 15, 1090",
        city="Vienna",
        country="AT",
        phone="+43 1 404 460",
        email="groups@regina.example",
        contact="Rezeption",
        check_in_from=time(14),
        check_out_until=time(11),
    )
    hotel = await add_hotel(db, visit.id, regina, organiser, at=at)
    cut_off = visit.first_day - timedelta(days=14)
    days = {"check_in": visit.first_day, "check_out": visit.last_day, "cut_off": cut_off, "code": "HEYET"}
    for kind, rooms, rate in ((RoomType.single, len(people) // 2, "118.00"), (RoomType.twin, 2, "142.00")):
        block = BlockIn(room_type=kind, rooms=rooms, rate=rate, rate_currency="EUR", **days)
        await add_block(db, visit.id, hotel.id, block, organiser, at=at)
    nights = days_between(visit.first_day, visit.last_day - timedelta(days=1))
    told = [PersonNights(registration_id=id, nights=nights) for id in people]
    await set_nights(db, visit.id, NightsIn(people=told, hotel_id=hotel.id), organiser, at=at)
    for id, (sharing, sex) in zip(people, _WISHES, strict=False):
        registration = await db.get_one(Registration, id)
        await tell_part(db, visit, registration, RoomWishIn(sharing=sharing, sex=sex), at=at)
    keys = [one.key for one in (await rooms_of(db, visit)).proposals]
    await confirm(db, visit.id, keys[:-1], organiser, at=at)
    await freeze(db, visit.id, hotel.id, organiser, at=at)
    later = at + timedelta(days=10)
    early = PersonNights(registration_id=people[-1], nights=nights[-1:])
    await clear_nights(db, visit.id, NightsGone(people=[early]), organiser, at=later)
    await freeze(db, visit.id, hotel.id, organiser, at=later)


async def write_booklet(db: AsyncSession, visit: Event, organiser: Caller, *, at: datetime) -> None:
    """What the demo's booklet says, in both languages."""
    english = BookletTextIn(
        emergency="All emergencies: 112\nPolice: 133\nAmbulance: 144",
        contacts="Elif Karaca, +90 312 5550100",
        addresses="Hotel Regina, Rooseveltplatz 15, 1090 Vienna\nFederal Ministry, Museumstraße 7, 1070 Vienna",
        rules="Please bring your passport to the ministry. Phones stay outside the hearing rooms.",
    )
    turkish = BookletTextIn(
        emergency="Tüm acil durumlar: 112\nPolis: 133\nAmbulans: 144",
        rules="Bakanlığa gelirken pasaportunuzu yanınızda bulundurunuz. Telefonlar duruşma salonlarının dışında kalır.",
    )
    for language, given in (("en", english), ("tr", turkish)):
        await write_texts(db, visit.id, language, given, organiser, at=at)
