"""Reservations of schema.org, as JSON-LD or microdata gave them, made into legs and stays.

Markup of vendors is seldom right: what stands in the bar code beside it completes it and tells where the two differ.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from visits.bookings.bcbp import BarCode, BarCodeLeg, day_meant, parse_bar_code
from visits.bookings.markup import kind_of
from visits.bookings.rules import (
    BookingEnd,
    BookingState,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadLeg,
    ReadOther,
)
from visits.bookings.stays import read_stay
from visits.bookings.times import DateOrder, SaidTime, at_place, said_time, settle_order
from visits.passports.names import TITLES, plain, words
from visits.places.lookup import airport_named, country_code, place_by_code, town_in
from visits.places.rules import Place
from visits.travel_types import LocalTime, TravelMode

# By the type of a reservation: how it goes, and how its two ends and its number are called.
_MODES: Mapping[str, tuple[TravelMode, tuple[str, ...], tuple[str, ...]]] = {
    "FlightReservation": (TravelMode.flight, ("Airport",), ("flightNumber",)),
    "TrainReservation": (TravelMode.train, ("Station",), ("trainNumber", "trainName")),
    "BusReservation": (TravelMode.bus, ("BusStop", "BusStation", "Station"), ("busNumber", "busName")),
    "BoatReservation": (TravelMode.ferry, ("BoatTerminal", "Terminal"), ("boatNumber", "boatName")),
}
_OTHERS = ("RentalCarReservation", "FoodEstablishmentReservation", "EventReservation")
_TOKEN = re.compile(r"^\s*(?:aztec|qr|pdf417|bar)?_?code:", re.IGNORECASE)
_NOTHING = re.compile(r"[\s.\-–—_/]*|n/?a|none|null", re.IGNORECASE)
_FLIGHT = re.compile(r"([A-Z][A-Z0-9]|[0-9][A-Z])[A-Z]?\s*0*(\d{1,4}[A-Z]?)")


def read_reservations(objects: Sequence[dict[str, Any]], context: ReadingContext) -> MessageReading:
    """All of one message: how one of them writes its dates holds for the others."""
    reading, order = MessageReading(), DateOrder()
    objects = [one for thing in objects for one in _by_trip(thing)]
    for thing in objects:
        code_leg = _code_leg(thing, _code_of(thing))
        for name in ("departureTime", "arrivalTime"):
            if trip := _first(thing.get("reservationFor")):
                settle_order(order, said_time(trip.get(name)), code_leg.day_of_year if code_leg else None, context)
    for thing in objects:
        if reading.room <= 0:
            break
        _read(thing, order, context, reading)
    reading.warnings |= order.warnings
    return reading


def _by_trip(thing: dict[str, Any]) -> list[dict[str, Any]]:
    """One reservation may be for several trips."""
    trips = thing.get("reservationFor")
    return [{**thing, "reservationFor": trip} for trip in trips] if isinstance(trips, list) and trips else [thing]


def _read(thing: dict[str, Any], order: DateOrder, context: ReadingContext, reading: MessageReading) -> None:
    kind = kind_of(thing)
    people = people_of(thing.get("underName")) or [""]
    state = state_of(thing.get("reservationStatus"))
    references = _references(thing)
    modified = _moment_text(thing.get("modifiedTime"))
    room = reading.room
    if kind in _MODES or kind == "TaxiReservation":
        leg = _ride(thing, order, reading) if kind == "TaxiReservation" else _leg(thing, kind, order, reading)
        leg = replace(leg, references=references, state=state, modified=modified)
        reading.legs += [_with_code(replace(leg, name=name), thing, context, reading) for name in people[:room]]
    elif kind == "LodgingReservation":
        stay = replace(read_stay(thing, order, reading.warnings), references=references, state=state, modified=modified)
        reading.stays += [replace(stay, passenger=shown_name(name)) for name in people[:room]]
    elif state is BookingState.cancelled and not thing.get("reservationFor"):
        reading.legs += [ReadLeg(references=references, state=state, modified=modified, passenger=shown_name(name),
                                 name=name) for name in people[:room]]  # fmt: skip
    elif kind in _OTHERS:
        reading.others += [_other(thing, kind, references, shown_name(name)) for name in people[:room]]


def _leg(thing: dict[str, Any], kind: str, order: DateOrder, reading: MessageReading) -> ReadLeg:
    mode, ends, numbers = _MODES[kind]
    trip = _first(thing.get("reservationFor")) or {}
    ticket = _first(thing.get("reservedTicket")) or {}
    seat = _first(ticket.get("ticketedSeat")) or {}
    origin = _end(trip, "departure", ends, mode)
    destination = _end(trip, "arrival", ends, mode)
    carrier, number = _carrier_and_number(trip, numbers, mode)
    said = [said_time(trip.get(name)) for name in ("departureTime", "arrivalTime", "boardingTime")]
    if all(one and one.clock == time() for one in said[:2]):
        # Days without times, as some write them: nothing leaves and arrives at midnight.
        said[:2] = [one and replace(one, clock=None) for one in said[:2]]
    times = [
        at_place(one, end.zone, order, reading.warnings)
        for one, end in zip(said, (origin, destination, origin), strict=True)
    ]
    departure = said[0]
    day = said_time(trip.get("departureDay") or trip.get("departureDate"))
    departs = times[0] or at_place(day, origin.zone, order, reading.warnings)
    if departs is None and departure is None and times[2]:
        departs = LocalTime(times[2].day, origin.zone)
    return ReadLeg(
        mode=mode,
        carrier=carrier,
        number=number,
        origin=origin,
        destination=destination,
        departs=departs,
        arrives=times[1],
        boards=times[2],
        seat=_text(thing.get("airplaneSeat") or seat.get("seatNumber")),
        coach=_text(seat.get("seatSection")),
        seat_class=_name(thing.get("airplaneSeatClass") or seat.get("seatingType")),
        ticket=ticket_digits(thing.get("ticketNumber") or ticket.get("ticketNumber")),
        sequence=_text(thing.get("passengerSequenceNumber")).lstrip("0"),
        gate=_text(trip.get("departureGate")),
        candidates=_candidates(departure, departs is None),
    )


def _candidates(said: SaidTime | None, is_open: bool) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in said.days) if said and is_open and len(said.days) > 1 else ()


def _ride(thing: dict[str, Any], order: DateOrder, reading: MessageReading) -> ReadLeg:
    """A taxi: from where it picks up, to where it is known to go."""
    trip = _first(thing.get("reservationFor")) or {}
    ends = [
        named_end(thing.get(name) or trip.get(name), TravelMode.car) for name in ("pickupLocation", "dropoffLocation")
    ]
    times = [
        at_place(said_time(thing.get(name)), end.zone, order, reading.warnings)
        for name, end in zip(("pickupTime", "dropoffTime"), ends, strict=True)
    ]
    carrier = _name(thing.get("provider") or trip.get("provider") or thing.get("broker"))
    return ReadLeg(TravelMode.car, carrier, "", ends[0], ends[1], times[0], times[1])


def _other(thing: dict[str, Any], kind: str, references: tuple[str, ...], passenger: str) -> ReadOther:
    about = _first(thing.get("reservationFor")) or {}
    starts = thing.get("startTime") or thing.get("pickupTime") or about.get("startDate") or ""
    ends = thing.get("endTime") or thing.get("dropoffTime") or about.get("endDate") or ""
    return ReadOther(
        kind.removesuffix("Reservation"), _text(about.get("name")), _text(starts), _text(ends), references, passenger
    )


def _end(trip: dict[str, Any], side: str, suffixes: Sequence[str], mode: TravelMode) -> BookingEnd:
    said = next((trip[side + suffix] for suffix in suffixes if trip.get(side + suffix)), None)
    end = named_end(said, mode)
    platform = _text(trip.get(f"{side}Platform"))
    return replace(end, platform=platform, terminal=_text(trip.get(f"{side}Terminal")))


def named_end(said: Any, mode: TravelMode) -> BookingEnd:
    """A place with its zone, by code or by name; without zone where it is not known."""
    thing = _first(said)
    name = _text(thing.get("name") if thing else said)
    code = _text(thing.get("iataCode")).upper() if thing else ""
    if not code and re.fullmatch(r"[A-Z]{3}", name) and mode is TravelMode.flight:
        code = name
    place = place_by_code(code) if code else None
    if place is None:
        place = _place_named(name, thing or {}, mode)
        code = code or (place.iata if place else "")
    if place is None and name:
        # One of several airports of a town: which is not known, the zone is.
        place = town_in(name)
    return BookingEnd(code, name, zone=place.zone if place else "")


def _place_named(name: str, thing: dict[str, Any], mode: TravelMode) -> Place | None:
    if mode is TravelMode.flight:
        return airport_named(name) if name else None
    address = thing.get("address")
    parts = _first(address) or {}
    country = country_code(_text(parts.get("addressCountry")))
    town = _text(parts.get("addressLocality")) or (_text(address) if isinstance(address, str) else "")
    return (town_in(town, country) if town else None) or (town_in(name, country) if name else None)


def _carrier_and_number(trip: dict[str, Any], numbers: Sequence[str], mode: TravelMode) -> tuple[str, str]:
    company = _first(trip.get("airline")) or _first(trip.get("provider")) or _first(trip.get("busCompany")) or {}
    code = _text(company.get("iataCode")).upper()
    carrier = code or _text(company.get("name")) or _text(trip.get("airline") or trip.get("provider"))
    number = next((_text(trip[name]) for name in numbers if trip.get(name)), "")
    if mode is TravelMode.flight:
        bare = re.sub(r"\s", "", number.upper())
        if code and bare.startswith(code) and bare[len(code) :][:1].isdigit():
            bare = bare.removeprefix(code)
        elif found := flight_number(bare):
            carrier, bare = code or found[0], found[1]
        return carrier, bare.lstrip("0") or bare
    split = re.fullmatch(r"([A-Za-zÇĞİÖŞÜ]{1,5})\s*(\d{1,6})", number)
    return (split[1], split[2]) if split else (carrier, number)


def flight_number(text: str) -> tuple[str, str] | None:
    """“TK 1887” as carrier and number; None for what is no number of a flight with its carrier."""
    found = _FLIGHT.fullmatch(re.sub(r"\s", "", text.upper()))
    return (found[1], found[2]) if found else None


def people_of(said: Any) -> list[str]:
    """Names as they are written, of a person or several. An organisation is nobody who travels."""
    found = []
    for person in said if isinstance(said, list) else [said]:
        if isinstance(person, str):
            found.append(_text(person))
        elif isinstance(person, dict) and kind_of(person) != "Organization":
            parts = " ".join(_text(person.get(name)) for name in ("givenName", "familyName")).strip()
            found.append(_text(person.get("name")) or parts)
    return list(dict.fromkeys(name for name in found if name))


def shown_name(name: str) -> str:
    """A name without its slash and a title behind it."""
    parts = words(name.replace("/", " ").replace("\u00a0", " ")) if "/" in name else name.split()
    if "/" in name and len(parts) > 2 and parts[-1].upper() in TITLES:
        parts = parts[:-1]
    return " ".join(parts)


def state_of(said: Any) -> BookingState:
    """By schema.org's addresses, Google's old ones, or the bare word."""
    thing = _first(said)
    text = str(thing.get("@id", "") if thing else said or "").rstrip("/").rpartition("/")[2].rpartition("#")[2].lower()
    if "cancel" in text:
        return BookingState.cancelled
    return BookingState.held if "pending" in text or "hold" in text else BookingState.booked


def _references(thing: dict[str, Any]) -> tuple[str, ...]:
    found = _text(thing.get("reservationNumber")) or _text(thing.get("reservationId"))
    return (found,) if found else ()


def _code_of(thing: dict[str, Any]) -> BarCode | None:
    ticket = _first(thing.get("reservedTicket")) or {}
    token = thing.get("ticketToken") or ticket.get("ticketToken")
    return parse_bar_code(_TOKEN.sub("", token)) if isinstance(token, str) else None


def _code_leg(thing: dict[str, Any], code: BarCode | None) -> BarCodeLeg | None:
    """The part of the bar code that is about this leg; one of another flight is none of its business."""
    trip = _first(thing.get("reservationFor")) or {}
    codes = [_text((_first(trip.get(f"{side}Airport")) or {}).get("iataCode")) for side in ("departure", "arrival")]
    legs = code.legs if code else ()
    return next((leg for leg in legs if [leg.origin, leg.destination] == codes or not any(codes)), None)


def _with_code(leg: ReadLeg, thing: dict[str, Any], context: ReadingContext, reading: MessageReading) -> ReadLeg:
    """Completed by the bar code beside it, with a warning for each thing in which both differ."""
    code = _code_of(thing)
    part = _code_leg(thing, code)
    if code is None or part is None:
        return replace(leg, passenger=shown_name(leg.name))
    name = leg.name
    said, coded = (
        {plain(word) for word in words(name.replace("/", " "))},
        {plain(code.family), *map(plain, words(code.given))},
    )
    if not said:
        name = f"{code.family}/{code.given}"
    elif said < coded:
        name = f"{code.given} {code.family}"
        reading.warn(ProposalWarning.name_completed_from_bar_code)
    references = leg.references
    if part.reference and part.reference not in references:
        references = (*references, part.reference)
        if leg.references:
            reading.warn(ProposalWarning.reference_differs)
    other = "" if part.carrier == leg.carrier or not leg.carrier else part.carrier
    if other:
        reading.warn(ProposalWarning.carrier_differs)
    day, _ = day_meant(part.day_of_year, context)
    if day and (leg.departs is None or leg.departs.clock is None) and not leg.candidates:
        leg = replace(leg, departs=LocalTime(day, leg.origin.zone))
    return replace(
        leg,
        name=name,
        passenger=shown_name(name),
        references=references,
        carrier=leg.carrier or part.carrier,
        number=leg.number or part.number,
        other_carrier=other,
        seat=leg.seat or part.seat,
        sequence=leg.sequence or part.sequence,
        ticket=leg.ticket or part.ticket,
    )


def ticket_digits(said: Any) -> str:
    """The thirteen digits, with or without a mark between airline and number; other texts are no ticket's number."""
    digits = re.sub(r"[\s-]", "", _text(said))
    return digits if re.fullmatch(r"\d{13}", digits) else ""


def _moment_text(said: Any) -> str:
    found = said_time(said)
    if found is None or found.clock is None:
        return ""
    minutes = int(found.offset.total_seconds() // 60) if found.offset else 0
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{found.days[0]}T{found.clock:%H:%M}{sign}{minutes // 60:02}:{minutes % 60:02}"


def _first(said: Any) -> dict[str, Any] | None:
    """An object, or the first of several."""
    one = said[0] if isinstance(said, list) and said else said
    return one if isinstance(one, dict) else None


def _name(said: Any) -> str:
    thing = _first(said)
    return _text(thing.get("name") if thing else said)


def _text(said: Any) -> str:
    """One line without marks for "nothing"; entities and no-break spaces are what they mean."""
    if isinstance(said, list):
        said = said[0] if said else ""
    if isinstance(said, bool) or not isinstance(said, str | int):
        return ""
    text = " ".join(html.unescape(str(said)).split())[:200]
    return "" if _NOTHING.fullmatch(text) else text
