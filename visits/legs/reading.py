"""A leg from what was typed or read: places found, times of both clocks as moments, days near the event's; and as the
rules of travel take it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from core.errors import N_, Unacceptable, UnacceptableFields
from core.zones import instant_of, zone_of
from events.programme.events.models import Event
from visits.legs.models import Leg, LegPassenger
from visits.legs.rules import must_be_near, unknown_place
from visits.legs.schemas import LegIn
from visits.places.lookup import any_place, place_by_code, town_in
from visits.places.rules import Place
from visits.travel_types import TravelLeg

_LONGEST_DAYS = 4


def leg_of(given: LegIn) -> Leg:
    """The leg that was typed, of no event yet. Raises Unacceptable beside the field."""
    never = datetime.min.replace(tzinfo=UTC)
    return Leg(event_id=UUID(int=0), created_at=never, changed_at=never, **leg_values(given))


def must_be_of_event(event: Event, given: LegIn, known: Leg | None = None, field: str = "day") -> None:
    """A day near the event's, however a leg comes in; one that stays where it is, of an event that was postponed, may.
    Raises Unacceptable beside the field."""
    if known is None or known.day != given.day:
        must_be_near(given.day, event.first_day, event.last_day, leg_of(given).label, field)


def leg_values(given: LegIn) -> dict[str, Any]:
    """A leg's columns from what was typed: places found, times of both clocks as moments."""
    origin = _place(given.origin, given.origin_zone)
    destination = _place(given.destination, given.destination_zone)
    unknown: dict[str, tuple[str, Mapping[str, object]]] = {
        field: (unknown_place(text), {})
        for field, text, place in (
            ("origin", given.origin, origin),
            ("destination", given.destination, destination),
        )
        if not place.zone
    }
    if unknown:
        raise UnacceptableFields(unknown)
    departs = _instant(given, given.departs, origin.zone, "departs")
    arrives = _arrival(given, destination.zone)
    if departs and arrives and arrives <= departs:
        raise Unacceptable("arrives", N_("This arrives before it leaves. If it is the next day there, write that day."))
    last = given.arrival_day or given.day
    if abs((last - given.day).days) > _LONGEST_DAYS:
        raise Unacceptable("arrival_day", N_("A leg takes at most four days."))
    return {
        "mode": given.mode,
        "carrier": given.carrier,
        "number": given.number,
        **_place_values("origin", origin),
        **_place_values("destination", destination),
        "origin_terminal": given.origin_terminal,
        "destination_terminal": given.destination_terminal,
        "day": given.day,
        "arrival_day": given.arrival_day,
        "departs_at": departs,
        "arrives_at": arrives,
        "boards_at": _instant(given, given.boards, origin.zone, "boards"),
    }


def _arrival(given: LegIn, zone: str) -> datetime | None:
    if given.arrives is None:
        return None
    return instant_of(_wall(given, given.arrives, is_arrival=True), zone_of(zone), "arrives")


def _instant(given: LegIn, clock: time | None, zone: str, field: str) -> datetime | None:
    return None if clock is None else instant_of(_wall(given, clock), zone_of(zone), field)


def _wall(given: LegIn, clock: time, *, is_arrival: bool = False) -> datetime:
    return datetime.combine((given.arrival_day if is_arrival else None) or given.day, clock)


def _place(text: str, zone: str | None) -> Place:
    """The place that was typed; without a known zone, the one that was chosen for it, if any."""
    head = text.partition(" ")[0].strip(",–-")
    found = (place_by_code(text) if text.isupper() else None) or (place_by_code(head) if head.isupper() else None)
    found = found or town_in(text) or place_by_code(text) or Place(text)
    return Place(found.name, found.iata, found.town, found.country, found.zone or zone or "")


def _place_values(side: str, place: Place) -> dict[str, str]:
    name = place.town or place.name
    return {
        side: name[:80],
        f"{side}_code": place.iata,
        f"{side}_country": place.country,
        f"{side}_zone": place.zone,
    }


def travel_leg(leg: Leg, one: LegPassenger | None = None) -> TravelLeg:
    """A leg as the rules know it, with the positions of its places."""
    return TravelLeg(
        origin=_located(leg.origin, leg.origin_code, leg.origin_country, leg.origin_zone),
        destination=_located(leg.destination, leg.destination_code, leg.destination_country, leg.destination_zone),
        departs=leg.departs,
        arrives=leg.arrives,
        boards=leg.boards,
        mode=leg.mode,
        carrier=leg.carrier,
        number=leg.number,
        key=str(leg.id),
        booking=one.reference if one else "",
    )


def _located(name: str, code: str, country: str, zone: str) -> Place:
    found = any_place(code or name, country)
    return found if found.zone == zone else Place(name, code, name, country, zone)
