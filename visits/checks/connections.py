"""From one leg to the next: is there time enough, and does the next one start where this one ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.places.airports import is_one_city, present
from visits.places.lookup import is_near
from visits.places.rules import enters_schengen, is_schengen
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import AttendedSession, BedNights, TravelLeg, TravelMode, minutes_between, place_label

_NEVER = datetime.max.replace(tzinfo=UTC)
_ON_RAILS = frozenset({TravelMode.train, TravelMode.underground})


@dataclass(frozen=True)
class LegConnection:
    """Minutes between two legs, and those needed; `available` is None where a time is unknown."""

    available: int | None
    needed: int
    other_airport: bool = False


def in_order(legs: Sequence[TravelLeg]) -> list[TravelLeg]:
    """As they are travelled, by the instants of departure, whatever the clocks say."""
    return sorted(legs, key=_begins)


def _begins(leg: TravelLeg) -> tuple[datetime, datetime]:
    known = [moment for moment in (leg.departs, leg.boards, leg.arrives) if moment]
    first = next((moment for moment in known if moment.instant), known[0] if known else None)
    last = leg.arrives or first
    if first is None or last is None:
        return _NEVER, _NEVER
    return first.earliest, last.earliest


def connection(
    one: TravelLeg, other: TravelLeg, *, same_booking: bool | None = None, settings: TravelSettings = DEFAULTS
) -> LegConnection:
    """What is there and what is needed between two legs; legs of unknown bookings count as one booking."""
    if same_booking is None:
        same_booking = not (one.booking and other.booking) or one.booking == other.booking
    both_fly = one.mode is other.mode is TravelMode.flight
    arrived, leaves = one.destination.iata, other.origin.iata
    elsewhere = both_fly and bool(arrived and leaves) and present(arrived) != present(leaves)
    if elsewhere and is_one_city(arrived, leaves):
        return LegConnection(_available(one, other), settings.connect_other_airport, other_airport=True)
    needed = _between_flights(one, other, same_booking, settings) if both_fly else _needed(one, other, settings)
    return LegConnection(_available(one, other), needed)


def _available(one: TravelLeg, other: TravelLeg) -> int | None:
    """To the departure; where only the boarding is known, at least that long."""
    return minutes_between(one.arrives, other.departs if other.departs and other.departs.instant else other.boards)


def _between_flights(one: TravelLeg, other: TravelLeg, same_booking: bool, settings: TravelSettings) -> int:
    if enters_schengen(one.origin, one.destination) and is_schengen(other.destination.country):
        needed = settings.connect_into_schengen
    elif one.crosses_border is False and other.crosses_border is False:
        needed = settings.connect_domestic
    else:
        # A border that may be there, for all we know, is one.
        needed = settings.connect_international
    return needed if same_booking else needed + settings.connect_two_bookings


def _needed(one: TravelLeg, other: TravelLeg, settings: TravelSettings) -> int:
    """Where at most one of both is a flight. What counts of two on the ground is the slower one."""
    if one.mode is TravelMode.flight:
        return settings.connect_from_flight if one.crosses_border is False else settings.connect_from_flight_border
    if other.mode is TravelMode.flight:
        return settings.connect_to_flight_domestic if other.crosses_border is False else settings.connect_to_flight
    by_mode = {
        **dict.fromkeys(_ON_RAILS, settings.connect_train),
        TravelMode.bus: settings.connect_bus,
        TravelMode.ferry: settings.connect_ferry,
    }
    if by_mode.keys().isdisjoint({other.mode}):
        return 0
    return max(by_mode.get(one.mode, 0), by_mode[other.mode])


def judge(one: TravelLeg, other: TravelLeg, found: LegConnection, settings: TravelSettings) -> TravelFinding | None:
    """What is wrong with the time between two legs, if anything; the wait is judged by `connection_findings`."""
    if found.available is None:
        return None
    numbers = {
        "available": found.available,
        "needed": found.needed,
        "first": one.label,
        "second": other.label,
        "at": place_label(one.destination),
        "from": place_label(other.origin),
    }
    if found.available < 0:
        code = FindingCode.overlap
        numbers["minutes"] = -found.available
    elif 2 * found.available < found.needed:
        code = FindingCode.connection_impossible
    elif found.available < found.needed:
        code = FindingCode.connection_short
    elif found.available < found.needed + settings.tight_within and found.needed:
        code = FindingCode.connection_tight
    else:
        return None
    return finding(code, one.key, other.key, numbers=numbers, other_airport=found.other_airport)


def connection_findings(
    legs: Sequence[TravelLeg],
    stays: Sequence[BedNights] = (),
    transfers: frozenset[tuple[str, str]] = frozenset(),
    settings: TravelSettings = DEFAULTS,
    sessions: Sequence[AttendedSession] = (),
) -> list[TravelFinding]:
    """Of one person's legs: overlaps, connections, waits, and legs that start where nobody brought the person.

    With a bed in between there is no connection: days lie between. `transfers` joins keys of legs that something
    planned leads between.
    """
    found = []
    ordered = in_order(legs)
    for one, other in pairwise(ordered):
        between = connection(one, other, settings=settings)
        has_bed = _has_bed(one, other, stays)
        judged = judge(one, other, between, settings)
        if judged and (judged.code is FindingCode.overlap or not has_bed):
            found.append(judged)
        elif not judged and not has_bed and _is_long(one, between.available, sessions, settings):
            found.append(_waits(one, other, between.available or 0))
        if not between.other_airport and not _leads_there(one, other, transfers):
            found.append(_wrong_place(one, other))
    return found + _contained(ordered)


def _contained(ordered: Sequence[TravelLeg]) -> list[TravelFinding]:
    """Legs that are not neighbours and yet at one time: a long one under way over several."""
    found = []
    for number, one in enumerate(ordered):
        for other in ordered[number + 2 :]:
            minutes = minutes_between(other.departs, one.arrives)
            if minutes is not None and minutes > 0:
                found.append(finding(FindingCode.overlap, one.key, other.key, first=one.label, second=other.label,
                                     at=place_label(one.destination), available=-minutes, minutes=minutes))  # fmt: skip
    return found


def _is_long(
    one: TravelLeg, minutes: int | None, sessions: Sequence[AttendedSession], settings: TravelSettings
) -> bool:
    """Not where the programme lies in between, nor of days: a night without a bed is a finding of its own."""
    arrived = one.arrives.instant if one.arrives else None
    if minutes is None or arrived is None or not settings.long_wait < minutes < 24 * 60:
        return False
    until = arrived + timedelta(minutes=minutes)
    return not any(arrived <= session.starts.earliest < until for session in sessions)


def _waits(one: TravelLeg, other: TravelLeg, minutes: int) -> TravelFinding:
    at, first, second = place_label(one.destination), one.label, other.label
    return finding(FindingCode.long_wait, one.key, other.key, available=minutes, at=at, first=first, second=second)


def _has_bed(one: TravelLeg, other: TravelLeg, stays: Sequence[BedNights]) -> bool:
    """Whether a night that somebody has a bed for lies between two legs."""
    if one.arrives is None or other.departs is None:
        return False
    arrived, leaves = one.arrives.day, other.departs.day
    return any(stay.check_in < leaves and arrived < stay.check_out and arrived < leaves for stay in stays)


def _leads_there(one: TravelLeg, other: TravelLeg, transfers: frozenset[tuple[str, str]]) -> bool:
    here, there = one.destination, other.origin
    if (one.key, other.key) in transfers or here == there:
        return True
    is_known = (here.iata or here.position or here.town) and (there.iata or there.position or there.town)
    return not is_known or is_near(here, there)


def _wrong_place(one: TravelLeg, other: TravelLeg) -> TravelFinding:
    return finding(
        FindingCode.wrong_place,
        one.key,
        other.key,
        first=one.label,
        second=other.label,
        at=place_label(one.destination),
        numbers={"from": place_label(other.origin)},
    )
