"""Calendar entries of vendors (.ics): times in the vendor's zone, in UTC or without one; places and trains in the text.

The instant of an entry is right as a rule, its zone seldom: the zone of the place is shown. One entry may hold several
legs in its text. They are proposed where the text is understood, else one with a warning.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from visits.bookings.itinerary_text import TextLeg, described, legs_in, route_in
from visits.bookings.markup import parsed_json, reservations_in, text_of, turkish_again
from visits.bookings.reservations import read_reservations
from visits.bookings.rules import (
    BookingEnd,
    BookingState,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadLeg,
    ReadStay,
)
from visits.places.lookup import airport_named, place_by_code, town_in
from visits.travel_types import LocalTime, TravelMode, local_time

_RESERVATION = "X-KDE-KITINERARY-RESERVATION"
_UNESCAPED = re.compile(r"\\([nN,;\\])")
_STAY = re.compile(r"\b(hotel|otel|hostel|konaklama|unterkunft|accommodation|stay|check-?in)\b", re.IGNORECASE)


@dataclass
class _Entry:
    """One VEVENT: values by name, unescaped, and the zone that its times name."""

    values: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.values.get(name, "")


def read_calendar(content: bytes, context: ReadingContext) -> MessageReading:
    """All entries that are bookings; what repeats is none."""
    reading = MessageReading()
    text, is_repaired = turkish_again(text_of(content))
    method, entries = _entries(text)
    for entry in entries:
        if reading.room <= 0:
            break
        if "RRULE" in entry.values:
            continue
        before = len(reading.legs) + len(reading.stays)
        is_cancelled = method == "CANCEL" or entry.text("STATUS").upper() == "CANCELLED"
        _read_entry(entry, is_cancelled, context, reading)
        if is_repaired and len(reading.legs) + len(reading.stays) > before:
            reading.warn(ProposalWarning.encoding_repaired)
    return reading


def _entries(text: str) -> tuple[str, list[_Entry]]:
    """Folded lines are joined first: they cut words."""
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("\r\r\n", "\n")).splitlines()
    method, inside = "", 0
    found: list[_Entry] = []
    for line in lines[:20_000]:
        head, colon, value = _parted(line)
        name, *parameters = head.split(";")
        name = name.upper()
        if name == "BEGIN":
            inside = inside + 1 if found and inside else int(value.upper() == "VEVENT")
            if inside == 1:
                found.append(_Entry())
        elif name == "END":
            inside = max(0, inside - 1)
        elif inside == 1 and colon:
            found[-1].values.setdefault(name, _UNESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value))
            zone = next((one[5:].strip('"') for one in parameters if one.upper().startswith("TZID=")), "")
            found[-1].zones.setdefault(name, zone)
        elif name == "METHOD":
            method = value.strip().upper()
    return method, found[:200]


def _parted(line: str) -> tuple[str, str, str]:
    """At the first colon that is not within quotes."""
    found = re.match(r'((?:[^":]|"[^"]*")*)(:?)(.*)', line, re.DOTALL)
    return (found[1], found[2], found[3]) if found else (line, "", "")


def _read_entry(entry: _Entry, is_cancelled: bool, context: ReadingContext, reading: MessageReading) -> None:
    state = BookingState.cancelled if is_cancelled else BookingState.booked
    modified = _modified(entry)
    if said := entry.text(_RESERVATION):
        value, _ = parsed_json(said)
        found = read_reservations(list(reservations_in(value)), context)
        if not found.is_empty:
            reading.take(found)
            return
    starts, ends = _moment(entry, "DTSTART"), _moment(entry, "DTEND")
    if starts is None:
        return
    if starts.clock is None:
        _read_stay(entry, starts, ends, state, modified, reading)
        return
    text = "\n".join((entry.text("SUMMARY"), entry.text("DESCRIPTION"), entry.text("LOCATION")))
    more = described(text)
    legs = legs_in(entry.text("DESCRIPTION"))
    understood = bool(legs) and _fits(legs, starts, ends)
    if not understood:
        route = route_in(entry.text("SUMMARY"), entry.text("DESCRIPTION"), entry.text("LOCATION"))
        if route is None:
            return
        if len(legs) > 1 or more.is_hidden:
            reading.warn(ProposalWarning.connection_hidden)
        legs = [replace(route, starts=None, ends=None)]
    for place, part in enumerate(legs):
        leg = _leg(part, more.mode, entry, starts, ends, reading, is_first=place == 0, is_last=place == len(legs) - 1)
        reading.legs.append(
            replace(
                leg,
                carrier=leg.carrier or more.carrier,
                number=leg.number or more.number,
                references=(more.reference,) if more.reference else (),
                seat=more.seat if len(legs) == 1 else "",
                seat_class=more.seat_class,
                name=more.passenger,
                passenger=" ".join(more.passenger.replace("/", " ").split()),
                state=state,
                modified=modified,
            )
        )


def _fits(legs: list[TextLeg], starts: LocalTime, ends: LocalTime | None) -> bool:
    """Whether the text begins and ends when the entry does, by the minutes: hours may be those of another zone."""
    first, last = legs[0].starts, legs[-1].ends
    is_first = first is None or starts.clock is None or first.minute == starts.clock.minute
    is_last = last is None or ends is None or ends.clock is None or last.minute == ends.clock.minute
    return is_first and is_last


def _leg(
    said: TextLeg,
    mode: TravelMode,
    entry: _Entry,
    starts: LocalTime,
    ends: LocalTime | None,
    reading: MessageReading,
    *,
    is_first: bool,
    is_last: bool,
) -> ReadLeg:
    """Its outer times are the entry's, those between are the text's."""
    mode = said.mode or mode
    hint = entry.text("LOCATION").rpartition(",")[2].strip()
    origin = _end(said.origin, said.origin_platform, mode, hint)
    destination = _end(said.destination, said.destination_platform, mode, hint)
    departs = _placed(starts, origin.zone, reading) if is_first else _of_text(said.starts, starts, origin.zone, reading)
    arrives = None
    if is_last and ends is not None:
        arrives = _placed(ends, destination.zone, reading)
    elif said.ends is not None:
        arrives = _of_text(said.ends, starts, destination.zone, reading)
    while (
        arrives
        and departs
        and arrives.instant
        and departs.instant
        and arrives.instant < departs.instant
        and not is_last
    ):
        arrives = arrives.later_by(1)
    return ReadLeg(mode, said.carrier, said.number, origin, destination, departs, arrives)


def _end(name: str, platform: str, mode: TravelMode, hint: str) -> BookingEnd:
    if mode is TravelMode.flight:
        place = place_by_code(name) or airport_named(name)
        return BookingEnd(place.iata if place else "", name, zone=place.zone if place else "")
    place = town_in(name) if not hint else town_in(f"{name}, {hint}")
    return BookingEnd("", name, platform, zone=place.zone if place else "")


def _placed(moment: LocalTime, zone: str, reading: MessageReading) -> LocalTime:
    """An instant by the clock of the place; a floating time is the place's own."""
    if not zone:
        return moment
    if not moment.zone:
        reading.warn(ProposalWarning.zone_from_place)
        return replace(moment, zone=zone)
    instant = moment.instant
    if instant is None:
        return replace(moment, zone=zone)
    found = local_time(instant, zone)
    if moment.zone != "UTC" and found.wall != moment.wall:
        reading.warn(ProposalWarning.zone_differs_from_place)
    return found


def _of_text(clock: time | None, starts: LocalTime, zone: str, reading: MessageReading) -> LocalTime | None:
    """On the day of the entry, or the next one where that would be before it began."""
    if clock is None:
        return None
    found = LocalTime(starts.day, zone or starts.zone, clock)
    if not starts.zone:
        reading.warn(ProposalWarning.zone_from_place)
        is_before = starts.clock is not None and clock < starts.clock
    else:
        is_before = bool(found.instant and starts.instant and found.instant < starts.instant)
    return found.later_by(1) if is_before else found


def _read_stay(
    entry: _Entry,
    starts: LocalTime,
    ends: LocalTime | None,
    state: BookingState,
    modified: str,
    reading: MessageReading,
) -> None:
    """Whole days with a word for a hotel. The end of such an entry is the day of leaving."""
    summary, location = entry.text("SUMMARY"), entry.text("LOCATION")
    if ends is None or ends.day <= starts.day or not _STAY.search(f"{summary} {entry.text('DESCRIPTION')}"):
        return
    place = town_in(location) if location else None
    if place is None:
        reading.warn(ProposalWarning.city_missing)
    more = described(entry.text("DESCRIPTION"))
    reading.stays.append(
        ReadStay(
            name=summary[:200],
            city=place.town if place else "",
            country=place.country if place else "",
            address=location[:200],
            check_in=starts.day.isoformat(),
            check_out=ends.day.isoformat(),
            references=(more.reference,) if more.reference else (),
            state=state,
            modified=modified,
        )
    )


def _moment(entry: _Entry, name: str) -> LocalTime | None:
    """Zone "UTC" of what ends with Z, empty of a floating time or a zone that is none."""
    found = re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{0,2}(Z?))?", entry.text(name).strip())
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        clock = time(int(found[4]), int(found[5])) if found[4] else None
    except ValueError:
        return None
    zone = "UTC" if found[6] else entry.zones.get(name, "")
    if fixed := re.fullmatch(r"(?:UTC|GMT)([+-])0?(\d{1,2})(?::?00)?", zone):
        # POSIX counts from Greenwich the other way round.
        zone = f"Etc/GMT{'-' if fixed[1] == '+' else '+'}{fixed[2]}"
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ""
    return LocalTime(day, zone, clock)


def _modified(entry: _Entry) -> str:
    """When the vendor last changed it; a stamp without its Z is taken for UTC."""
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        found = re.fullmatch(r"(\d{8})T(\d{6})Z?", entry.text(name).strip())
        if found:
            try:
                return datetime.strptime(f"{found[1]}{found[2]}+0000", "%Y%m%d%H%M%S%z").isoformat()
            except ValueError:
                continue
    return ""
