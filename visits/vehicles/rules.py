"""What may be said of a vehicle, and who comes to a visit by which leg. Pure."""

from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from core.errors import N_, Refusal
from visits.checks.connections import in_order
from visits.checks.ways import person_ways
from visits.places.lookup import is_near
from visits.places.rules import Place
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import TravelLeg, Traveller, TravelMode

# What a vehicle that was suggested is called, with a number behind it.
NAME = N_("Vehicle")
# How long after its visit what is known of drivers and contacts is kept.
KEPT_AFTER = timedelta(days=60)
# By these one comes to a place where somebody can wait; by the others one drives or walks oneself.
FETCHED_MODES = frozenset({TravelMode.flight, TravelMode.train, TravelMode.bus, TravelMode.ferry})


class VehicleDirection(StrEnum):
    """What a vehicle leaves for: that decides how its time follows from the legs of its passengers."""

    arrivals = "arrivals"
    departures = "departures"
    between = "between"


VEHICLE_DIRECTIONS = {
    VehicleDirection.arrivals: N_("Fetches from arrivals"),
    VehicleDirection.departures: N_("Takes to departures"),
    VehicleDirection.between: N_("Between two places"),
}


class VehicleIsFull(Refusal):
    """Seats are counted under the event's lock: of two who ask for the last one, one gets it."""

    status, code = 409, "vehicle-is-full"
    title = N_("%(free)s seats are free in this vehicle; %(wanted)s were asked for.")


class VehicleIsCancelled(Refusal):
    """A vehicle that does not run is not changed any more."""

    status, code, title = 409, "vehicle-cancelled", N_("This vehicle was cancelled. Add a new one instead.")


class SuggestionIsOld(Refusal):
    """What somebody looked at is not what would be done now."""

    status, code = 409, "suggestion-is-old"
    title = N_("Arrivals have changed since this was suggested. Please look at it again.")


def arrivals_at_visit(person: Traveller, settings: TravelSettings = DEFAULTS) -> list[TravelLeg]:
    """The legs of one person after which somebody has to meet them: those before the way home that end a way to
    somewhere else than where they live.

    A leg that another one follows within the time of a long wait, or on the same day where a time is not known, is a
    connection.
    """
    leaving = {leg.key for leg in person_ways(person).home}
    legs = [leg for leg in in_order(person.legs) if leg.key not in leaving]
    found = [one for one, other in pairwise(legs) if not _connects(one, other, settings)] + list(legs[-1:])
    homes = _homes_before(person)
    return [
        leg for leg in found if leg.mode in FETCHED_MODES and not any(is_near(leg.destination, one) for one in homes)
    ]


def _homes_before(person: Traveller) -> list[Place]:
    """Where somebody is at home before they leave for good: not in the town of the event, if they only end there."""
    ends_there = person.home and person.event and person.event.town and is_near(person.home, person.event)
    known = [person.starts, None if person.starts and ends_there else person.home]
    return [one for one in known if one]


def _connects(one: TravelLeg, other: TravelLeg, settings: TravelSettings) -> bool:
    arrives, departs = one.arrives, other.departs
    if arrives is None or departs is None:
        return False
    if arrives.instant is None or departs.instant is None:
        return arrives.day == departs.day
    return departs.instant - arrives.instant <= timedelta(minutes=settings.long_wait)
