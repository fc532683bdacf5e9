"""Where rides have brought somebody when a day ends, and dates spent wholly on board. Pure.

Stopovers do not count: flights that follow each other within 24 hours, without a night or work between them and not
back to where they came from, are one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from finance.rules.facts import Mission, MissionRide, PayPlace, ProvidedBy
from visits.travel_types import LocalTime, TravelMode

STOPOVER = timedelta(hours=24)


def on_board(mission: Mission, day: date) -> str | None:
    """ "flight" or "ferry" if the date lies wholly between the dates of departure and arrival of one ride."""
    for ride in whole_rides(mission):
        is_of_days = ride.mode in (TravelMode.flight, TravelMode.ferry)
        if is_of_days and ride.departs and ride.arrives and ride.departs.day < day < ride.arrives.day:
            return ride.mode.value
    return None


def at_midnight(mission: Mission, day: date) -> PayPlace | None:
    """The place last reached up to the end of a day; before the first arrival where the journey began. None without
    rides."""
    rides = whole_rides(mission)
    reached = [ride for ride in rides if ride.arrives and ride.arrives.day <= day]
    if reached:
        return reached[-1].destination
    return rides[0].origin if rides else None


def whole_rides(mission: Mission) -> Sequence[MissionRide]:
    """All rides with known times in their order, stopovers left out."""
    known = [(ride.departs.earliest, ride) for ride in mission.rides if ride.departs and ride.arrives]
    merged: list[MissionRide] = []
    for _, ride in sorted(known, key=lambda one: one[0]):
        if merged and _goes_on(mission, merged[-1], ride):
            merged[-1] = replace(merged[-1], destination=ride.destination, arrives=ride.arrives)
        else:
            merged.append(ride)
    return merged


def _goes_on(mission: Mission, one: MissionRide, other: MissionRide) -> bool:
    arrives, departs = one.arrives, other.departs
    if arrives is None or departs is None or {one.mode, other.mode} != {TravelMode.flight}:
        return False
    if one.destination.country != other.origin.country or one.origin.country == other.destination.country:
        return False
    return departs.earliest - arrives.earliest <= STOPOVER and not _stays(mission, one, arrives, departs)


def _stays(mission: Mission, ride: MissionRide, arrives: LocalTime, departs: LocalTime) -> bool:
    """Whether the person sleeps or works between two flights."""
    slept = any(
        arrives.day <= night.day < departs.day and night.bed not in (ProvidedBy.vehicle, ProvidedBy.home)
        for night in mission.nights
    )
    country = ride.destination.country
    return slept or any(arrives.day <= one.day <= departs.day and one.place.country == country for one in mission.work)
