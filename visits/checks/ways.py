"""Which legs of a journey are the way there and which the way home, wherever they end.

A leg that leaves the place of the event late in it, or after it, leads home: some go on to see their family, some have
only their flight home entered yet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from visits.checks.connections import in_order
from visits.places.lookup import is_near
from visits.places.rules import NOWHERE, Place
from visits.travel_types import LocalTime, TravelLeg, Traveller

# Shorter than this between two legs is a connection, not a stop at the event.
_STOP = timedelta(hours=8)
# So long elsewhere within the days of the event is part of it: visits go from one country to the next.
_STAGE = timedelta(hours=24)
_START = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Ways:
    """The legs until somebody is there, and those by which they leave for good; what lies between is neither."""

    there: tuple[TravelLeg, ...] = ()
    home: tuple[TravelLeg, ...] = ()


@dataclass(frozen=True)
class _Stop:
    """On the ground before the first leg, between two, or after the last one; `during` is how much of the event that
    is. Before leg `before` of the journey."""

    before: int
    place: Place
    since: datetime
    until: datetime
    during: timedelta


def ways_of(
    legs: Sequence[TravelLeg],
    home: Place | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    event: Place | None = None,
) -> Ways:
    """By where the event is, as far as `event` says it, else by where most of its days are spent, else by the longest
    stop. `home` is where somebody lives, if they told."""
    ordered = [leg for leg in in_order(legs) if leg.departs or leg.arrives]
    if not ordered:
        return Ways()
    stops = _stops(ordered, first_day, last_day)
    middle = _middle(first_day, last_day)
    if event and event.country:
        is_there = _at(event, home, ordered)
        there = [one for one in stops if is_there(one.place) and (one.before or (middle and one.until > middle))]
        # Its town, where that is known and they get there; else anywhere in its country.
        in_town = [one for one in there if event.town and one.during and is_near(one.place, event)]
        there = in_town or there
        if there:
            return _split(ordered, *_ends(stops, there, _home_country(home, ordered, event)))
    # Who has not told where they live, lives where the journey begins.
    lives = home or ordered[0].origin
    away = [one for one in stops[1:] if not is_near(one.place, lives)]
    spent = [one for one in away if one.during]
    if spent:
        most = max(one.during for one in spent)
        there = [one for one in spent if one.during >= min(_STAGE, most)]
        return _split(ordered, there[0].before, there[-1].before)
    longest = max(away, key=lambda one: one.until - one.since, default=None)
    return _split(ordered, longest.before, longest.before) if longest else Ways((), tuple(ordered))


def person_ways(person: Traveller) -> Ways:
    """The same before and after `with_home`: where the way home ends says nothing of the way there."""
    return ways_of(person.legs, person.starts or person.home, person.first_day, person.last_day, person.event)


def with_home(person: Traveller) -> Traveller:
    """`home` as the checks go by it: where the way home ends, else where somebody told that they live, else where the
    journey begins. Until they come there, they are at home where they live or set out."""
    ways = person_ways(person)
    ends = ways.home[-1].destination if ways.home else None
    starts = person.home or (ways.there[0].origin if ways.there else None)
    if ends is not None and not (person.home and is_near(ends, person.home)):
        return replace(person, home=ends, starts=starts)
    return replace(person, home=starts)


def _split(ordered: Sequence[TravelLeg], first: int, last: int) -> Ways:
    return Ways(tuple(ordered[:first]), tuple(ordered[last:]))


def _ends(stops: Sequence[_Stop], there: Sequence[_Stop], home_country: str) -> tuple[int, int]:
    """The first and the last stop that belong to the event. `there` are those at its place."""
    there = [one for one in there if one.during] or there
    longest = max(one.during for one in there)
    real = [one for one in there if one.during >= min(_STOP, longest)]
    stages = [one.before for one in stops[1:] if one.during >= _STAGE and _is_abroad(one.place, home_country)]
    return min([real[0].before, *stages]), max([real[-1].before, *stages])


def _is_abroad(place: Place, home_country: str) -> bool:
    return bool(place.country and home_country) and place.country != home_country


def _at(event: Place, home: Place | None, ordered: Sequence[TravelLeg]) -> Callable[[Place], bool]:
    """Who comes from abroad is there in the event's country; whoever lives in it, in its town."""
    lives = [home] if home and home.country else [ordered[0].origin, ordered[-1].destination]
    is_from_abroad = any(_is_abroad(place, event.country) for place in lives)

    def is_at(place: Place) -> bool:
        if is_from_abroad:
            return place.country == event.country
        return bool(event.town) and is_near(place, event) and not (home and is_near(place, home))

    return is_at


def _home_country(home: Place | None, ordered: Sequence[TravelLeg], event: Place) -> str:
    if home and home.country:
        return home.country
    first, last = ordered[0].origin.country, ordered[-1].destination.country
    return first if first != event.country else last


def _stops(ordered: Sequence[TravelLeg], first_day: date | None, last_day: date | None) -> list[_Stop]:
    """One more than legs. Days count in UTC: hours do not matter here."""
    begins = _midnight(first_day) if first_day else _END
    ends = _midnight(last_day) + timedelta(days=1) if last_day else _START
    found = []
    for number in range(len(ordered) + 1):
        before = ordered[number - 1] if number else None
        after = ordered[number] if number < len(ordered) else None
        since = _known(before.arrives, before.departs, before.boards) if before else _START
        until = _known(after.departs, after.boards, after.arrives) if after else _END
        place = before.destination if before else after.origin if after else NOWHERE
        during = max(min(until, ends) - max(since, begins), timedelta())
        found.append(_Stop(number, place, since, until, during))
    return found


def _known(*moments: LocalTime | None) -> datetime:
    return next((moment.earliest for moment in moments if moment), _START)


def _middle(first_day: date | None, last_day: date | None) -> datetime | None:
    if first_day is None or last_day is None:
        return None
    begins = _midnight(first_day)
    return begins + (_midnight(last_day) + timedelta(days=1) - begins) / 2


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
