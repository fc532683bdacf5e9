"""Where a person is at three in the morning, and whether there is one bed for it.

A night is called by the day on which it begins. Who is under way or at home needs none. The clock is that of the place
where the person is: whoever lands at 02:40 needs a bed for the night before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from visits.checks.connections import in_order
from visits.checks.rules import OF_NIGHTS, FindingCode, TravelFinding, finding
from visits.places.lookup import is_near
from visits.places.rules import Place
from visits.travel_types import BedNights, LocalTime, TravelLeg

_ASLEEP = time(3)
# No journey lasts longer; a wrong year would count nights for ever.
_MOST = timedelta(days=400)


class Whereabouts(StrEnum):
    away = "away"
    under_way = "under way"
    home = "at home"


@dataclass(frozen=True)
class _OnGround:
    """Between two legs, or after the last one (`until` is None)."""

    place: Place
    since: LocalTime
    until: LocalTime | None


def whereabouts(
    legs: Sequence[TravelLeg],
    stays: Sequence[BedNights] = (),
    home: Place | None = None,
    last_day: date | None = None,
    starts: Place | None = None,
) -> dict[date, Whereabouts]:
    """Of every night from the first departure on, as far as legs say. `starts` is where somebody is at home before the
    last leg, if that is elsewhere than after it.

    After the last leg, if it leads elsewhere than home, nights count to the last check-out or the last day of the
    visit, and at least the first one.
    """
    ordered = [leg for leg in in_order(legs) if leg.departs or leg.arrives]
    found: dict[date, Whereabouts] = {}
    for leg in ordered:
        for night in _under_way(leg):
            found.setdefault(night, Whereabouts.under_way)
    for stop in _stops(ordered):
        lives = home if stop.until is None else starts or home
        if lives and is_near(stop.place, lives):
            found |= dict.fromkeys(_nights(stop, _end(stays, last_day)), Whereabouts.home)
            continue
        found |= dict.fromkeys(_nights(stop, _end(stays, last_day)), Whereabouts.away)
    return dict(sorted(found.items()))


def nights_away(
    legs: Sequence[TravelLeg],
    stays: Sequence[BedNights] = (),
    home: Place | None = None,
    last_day: date | None = None,
    starts: Place | None = None,
) -> list[date]:
    """Nights for which a bed is needed."""
    where = whereabouts(legs, stays, home, last_day, starts)
    return [night for night, there in where.items() if there is Whereabouts.away]


def night_findings(
    legs: Sequence[TravelLeg],
    stays: Sequence[BedNights] = (),
    home: Place | None = None,
    last_day: date | None = None,
    starts: Place | None = None,
) -> list[TravelFinding]:
    """Nights without a bed, and nights with two. Without legs nothing is known of where the person is."""
    away = nights_away(legs, stays, home, last_day, starts)
    bare = [night for night in away if not any(stay.holds(night) for stay in stays)]
    found = [finding(FindingCode.night_without_bed, night=night.isoformat(), until=_next(night)) for night in bare]
    return found + [_two_beds(night, stays) for night in double_nights(stays)]


def joined_nights(found: Sequence[TravelFinding], apart: Callable[[TravelFinding], bool]) -> list[TravelFinding]:
    """The same with consecutive nights of one kind, and of the same beds, as one finding: from the first night until
    the last morning. Those that are to stay `apart` do."""
    joined: list[TravelFinding] = []
    for one in found:
        before = joined[-1] if joined else None
        if before and _goes_on(before, one) and not apart(before) and not apart(one):
            joined[-1] = replace(before, numbers={**before.numbers, "until": one.numbers["until"]})
        else:
            joined.append(one)
    return joined


def _goes_on(one: TravelFinding, other: TravelFinding) -> bool:
    alike = (one.code, one.keys, one.numbers.get("hotels")) == (other.code, other.keys, other.numbers.get("hotels"))
    return alike and one.code in OF_NIGHTS and one.numbers["until"] == other.numbers["night"]


def double_nights(stays: Sequence[BedNights]) -> list[date]:
    """Nights with more than one bed. Check-out and check-in on one day are none."""
    nights = [night for stay in stays for night in stay.nights[: _MOST.days]]
    return sorted({night for night in nights if nights.count(night) > 1})


def _two_beds(night: date, stays: Sequence[BedNights]) -> TravelFinding:
    there = [stay for stay in stays if stay.holds(night)]
    hotels = ", ".join(stay.hotel for stay in there if stay.hotel)
    keys = [stay.key for stay in there]
    return finding(FindingCode.two_beds, *keys, night=night.isoformat(), until=_next(night), hotels=hotels)


def _next(night: date) -> str:
    return (night + timedelta(days=1)).isoformat()


def _end(stays: Sequence[BedNights], last_day: date | None) -> date | None:
    """The day on which nights stop being counted after a last leg that does not lead home."""
    return max([stay.check_out for stay in stays] + ([last_day] if last_day else []), default=None)


def _stops(ordered: Sequence[TravelLeg]) -> list[_OnGround]:
    found = []
    for number, leg in enumerate(ordered):
        after = ordered[number + 1 :]
        leaves = next((later.departs or later.boards for later in after if later.departs or later.boards), None)
        since = leg.arrives or (leg.departs if after else None)
        if since is not None and (leaves or not after):
            found.append(_OnGround(leg.destination, since, leaves))
    return found


def _nights(stop: _OnGround, end: date | None) -> list[date]:
    """Nights whose third hour lies between arriving and leaving, by the clock of the place."""
    zone = stop.place.zone or stop.since.zone
    first = stop.since.day - timedelta(days=1)
    last = stop.until.day if stop.until else max(end or first, stop.since.day + timedelta(days=1))
    days = min((last - first).days, _MOST.days)
    nights = [first + timedelta(days=number) for number in range(days + 1)]
    if stop.until is None:
        nights = [night for night in nights if night < last]
    return [night for night in nights if _is_there(stop, _three(night, zone))]


def _is_there(stop: _OnGround, three: datetime) -> bool:
    """An arrival whose time is unknown counts from the end of its day, a departure from the morning of its day."""
    since, until = stop.since.instant, stop.until.instant if stop.until else None
    arrived = since or stop.since.later_by(1).earliest
    leaves = until or (stop.until.earliest + timedelta(hours=4) if stop.until else None)
    return arrived <= three and (leaves is None or three < leaves)


def _three(night: date, zone: str) -> datetime:
    return datetime.combine(night + timedelta(days=1), _ASLEEP, ZoneInfo(zone) if zone else UTC)


def _under_way(leg: TravelLeg) -> list[date]:
    """Nights whose third hour passes on the way by the clocks of both ends."""
    if leg.departs is None or leg.arrives is None or leg.departs.instant is None or leg.arrives.instant is None:
        return []
    first = leg.departs.day - timedelta(days=1)
    days = min((leg.arrives.day - first).days, 10)
    nights = [first + timedelta(days=number) for number in range(days + 1)]
    return [
        night
        for night in nights
        if leg.departs.instant <= _three(night, leg.departs.zone) < leg.arrives.instant
        or leg.departs.instant < _three(night, leg.arrives.zone) < leg.arrives.instant
    ]
