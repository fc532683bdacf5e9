"""Travel: a booking mail read in a process of its own, and the checks of one traveller among two hundred."""

import statistics
from dataclasses import replace
from datetime import date, time
from itertools import pairwise

from benchmarks.measure import ROUNDS, Measurement, Table, Work, timed
from tests.visits.vendors import RECEIVED, flight, mail
from visits.bookings.reader import read_bookings
from visits.bookings.rules import ReadingContext
from visits.checks.traveller import findings_of
from visits.places.lookup import any_place
from visits.travel_types import BedNights, LocalTime, TravelLeg, Traveller

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

    table.add(await _limited("booking mail of eight flights, read (limit 1 s)", booking, 1000))
    table.add(await _limited("travel checks: 200 people of six legs (limit 1 s)", checks, 1000))
