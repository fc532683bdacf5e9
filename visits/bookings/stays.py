"""A night in a hotel out of a reservation of schema.org: its own clock, whatever offset its times are written with."""

import html
from datetime import time
from typing import Any

from visits.bookings.rules import ProposalWarning, ReadStay
from visits.bookings.times import DateOrder, SaidTime, at_place, clock_in, said_time
from visits.places.lookup import country_code, town_in
from visits.places.towns import only_zone, town_named
from visits.travel_types import LocalTime


def read_stay(thing: dict[str, Any], order: DateOrder, warnings: set[ProposalWarning]) -> ReadStay:
    """Times are `checkinTime` (schema.org) or `checkinDate` (Google), or a date in one and a time in the other."""
    said = thing.get("reservationFor")
    hotel = said[0] if isinstance(said, list) and said else said
    hotel = hotel if isinstance(hotel, dict) else {"name": said}
    address = hotel.get("address")
    parts = address if isinstance(address, dict) else {}
    country = country_code(_text(parts.get("addressCountry")))
    city = _text(parts.get("addressLocality"))
    zone = _zone(city, country, address if isinstance(address, str) else "")
    if not city and isinstance(address, str):
        place = town_in(address.rpartition(",")[0] or address) or town_in(address)
        city, country = (place.town, country or place.country) if place else ("", country)
    if not city:
        warnings.add(ProposalWarning.city_missing)
    times = [_night(thing, name, zone, order, warnings) for name in ("checkin", "checkout")]
    days = [moment.day.isoformat() if moment else "" for moment in times]
    known = [moment if moment and moment.clock else None for moment in times]
    street = ", ".join(
        text for name in ("streetAddress", "postalCode", "addressLocality") if (text := _text(parts.get(name)))
    )
    return ReadStay(
        name=_text(hotel.get("name")),
        city=city,
        country=country,
        address=street or _text(address),
        check_in=days[0],
        check_out=days[1],
        from_time=known[0],
        until_time=known[1],
    )


def _zone(city: str, country: str, address: str) -> str:
    place = town_named(city, country) if city else None
    place = place or (town_in(city, country) if city else None) or (town_in(address) if address else None)
    return place.zone if place else only_zone(country)


def _night(
    thing: dict[str, Any], name: str, zone: str, order: DateOrder, warnings: set[ProposalWarning]
) -> LocalTime | None:
    """Midnight is how a day without a time is written."""
    both = [thing.get(f"{name}Time"), thing.get(f"{name}Date")]
    found = [said for value in both if (said := said_time(value))]
    best = next((said for said in found if said.clock and said.clock != time()), found[0] if found else None)
    if best is None:
        return None
    if best.clock is None or best.clock == time():
        clock = next((alone for value in both if isinstance(value, str) and (alone := _clock_alone(value))), None)
        best = SaidTime(best.days, clock)
    return at_place(best, zone, order, warnings, keeps_clock=True)


def _clock_alone(text: str) -> time | None:
    return clock_in(text) if len(text) <= 8 else None


def _text(said: Any) -> str:
    if isinstance(said, dict):
        said = said.get("name")
    return " ".join(html.unescape(said).split())[:200] if isinstance(said, str) else ""
