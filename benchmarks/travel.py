"""Travel: a booking mail read in a process of its own, the checks of two hundred travellers, their vehicles and their
booklets."""

import statistics
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from benchmarks.measure import ROUNDS, Measurement, Table, Work, timed
from core.documents.letters import LetterHead
from tests.visits.vendors import RECEIVED, flight, mail
from visits.bookings.reader import read_bookings
from visits.bookings.rules import ReadingContext
from visits.booklets.documents import BookletContent, booklet_pdf
from visits.checks.traveller import findings_of
from visits.itineraries.rules import ItineraryItem, ItineraryKind, by_day
from visits.legs.models import Leg, LegPassenger
from visits.legs.rules import PassengerState
from visits.places.lookup import any_place
from visits.travel_types import BedNights, LocalTime, TravelLeg, Traveller, TravelMode
from visits.vehicles.composition import planned_vehicle, travelled_by
from visits.vehicles.models import Vehicle, VehiclePassenger
from visits.vehicles.rules import VehicleDirection

_ROUTE = ("ESB", "IST", "VIE", "MUC", "BRU", "IST", "ESB")


def _journey() -> Traveller:
    """Six flights on six days."""
    places = [any_place(code) for code in _ROUTE]
    legs = []
    for number, (origin, destination) in enumerate(pairwise(places)):
        departs = LocalTime(date(2026, 10, 12 + number), origin.zone, time(8))
        arrives = replace(departs.plus(150), zone=destination.zone)
        legs.append(TravelLeg(origin, destination, departs, arrives, key=str(number)))
    stays = (BedNights(date(2026, 10, 12), date(2026, 10, 17)),)
    return Traveller(tuple(legs), stays, home=places[0], first_day=date(2026, 10, 12), last_day=date(2026, 10, 17))


def _delegation() -> tuple[list[tuple[Leg, list[LegPassenger]]], list[tuple[Vehicle, list[VehiclePassenger]]]]:
    """Two hundred people on six legs each, five to a leg, fetched by forty vehicles from the first and the third."""
    at = datetime(2026, 10, 1, tzinfo=UTC)
    legs, vehicles = [], []
    for group in range(40):
        people = [UUID(int=group * 5 + n + 1) for n in range(5)]
        for number, (origin, destination) in enumerate(pairwise(map(any_place, _ROUTE))):
            departs = datetime(2026, 10, 12 + number, 8, tzinfo=UTC)
            leg = Leg(
                event_id=UUID(int=1),
                mode=TravelMode.flight,
                carrier="TK",
                number=f"{group}{number}",
                origin=origin.town,
                origin_code=origin.iata,
                origin_country=origin.country,
                origin_zone=origin.zone,
                destination=destination.town,
                destination_code=destination.iata,
                destination_country=destination.country,
                destination_zone=destination.zone,
                day=departs.date(),
                departs_at=departs,
                arrives_at=departs + timedelta(minutes=150),
                created_at=at,
                changed_at=at,
            )
            state = PassengerState.booked
            on = [LegPassenger(leg_id=leg.id, registration_id=id, state=state, changed_at=at) for id in people]
            legs.append((leg, on))
        vehicle = Vehicle(
            event_id=UUID(int=1),
            direction=VehicleDirection.arrivals,
            name=f"Minibus {group}",
            seats=8,
            origin="VIE",
            destination="Hotel",
            day=date(2026, 10, 13),
            zone="Europe/Vienna",
            created_at=at,
            changed_at=at,
        )
        seats = [VehiclePassenger(vehicle_id=vehicle.id, registration_id=id, changed_at=at) for id in people]
        vehicles.append((vehicle, seats))
    return legs, vehicles


def _booklet() -> BookletContent:
    """Five days of eight items each."""
    days = [date(2026, 10, 12 + n) for n in range(5)]
    items = [
        ItineraryItem(
            ItineraryKind.session,
            f"{day} {hour}",
            "A year of identification: figures and cases",
            LocalTime(day, "Europe/Vienna", time(hour)),
            LocalTime(day, "Europe/Vienna", time(hour, 50)),
            place="Main hall",
        )
        for day in days
        for hour in range(9, 17)
    ]
    head = LetterHead("This project is funded by the European Union.", "Project", "ACT/1", "eu")
    return BookletContent(
        head=head,
        title="Study visit to Austria",
        days="12–16 October 2026",
        venue="Vienna",
        map_url="https://example.org/map",
        name="Ayşe Yılmaz",
        zone="Europe/Vienna",
        itinerary=by_day(items),
        sections=[("Emergency numbers", "112")],
        language="en",
        made_at=datetime(2026, 10, 1, tzinfo=UTC),
    )


async def _limited(what: str, work: Work, limit_ms: float) -> Measurement:
    """The median against a time that it must not take: the ratio is that time over ours."""
    await work()
    times = [await timed(work) * 1000 for _ in range(ROUNDS)]
    median = statistics.median(times)
    spread = limit_ms / max(times), limit_ms / min(times)
    return Measurement(what, median, limit_ms, limit_ms / median, spread, "≥ 1", median <= limit_ms)


async def run(table: Table) -> None:
    """Rows of the table, each with its limit for a floor."""
    content = mail([flight(number=str(number)) for number in range(1, 9)]).as_bytes()
    person = _journey()

    async def booking() -> None:
        await read_bookings([("booking.eml", content)], ReadingContext(RECEIVED), ["Elif Demir"])

    async def checks() -> None:
        for _ in range(200):
            findings_of(person)

    legs, vehicles = _delegation()
    booklet = _booklet()

    async def planning() -> None:
        of = travelled_by(legs)
        for vehicle, passengers in vehicles:
            planned_vehicle(vehicle, passengers, of)

    async def booklets() -> None:
        for _ in range(20):
            booklet_pdf(booklet)

    table.add(await _limited("vehicles: 40 with 200 people of six legs (limit 0.5 s)", planning, 500))
    table.add(await _limited("booklets: 20 of five days, of a batch of 200 (limit 2 s)", booklets, 2000))
    table.add(await _limited("booking mail of eight flights, read (limit 1 s)", booking, 1000))
    table.add(await _limited("travel checks: 200 people of six legs (limit 1 s)", checks, 1000))
