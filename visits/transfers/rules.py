"""When a vehicle leaves before a departure and after arrivals, and who rides together.

Times are subtracted as instants, so that a night in which clocks change costs or gives no hour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import LocalTime, TravelLeg, TravelMode, local_time

# Times of vehicles are rounded to so many minutes.
STEP_MINUTES = 5
_STEP = STEP_MINUTES * 60


@dataclass(frozen=True)
class Arrival:
    """Somebody to be fetched: `key` is the leg's or the person's, `people` how many seats it takes."""

    key: str
    arrives: LocalTime
    crosses_border: bool = False
    mode: TravelMode = TravelMode.flight
    people: int = 1


@dataclass(frozen=True)
class VehicleRun:
    """One vehicle: whom it fetches and when it leaves, in the zone of the place."""

    arrivals: tuple[Arrival, ...]
    pick_up: LocalTime
    longest_wait: int

    @property
    def people(self) -> int:
        return sum(arrival.people for arrival in self.arrivals)


def lead_minutes(mode: TravelMode, crosses_border: bool, settings: TravelSettings = DEFAULTS) -> int:
    """How long before the departure one has to be there."""
    if mode is TravelMode.flight:
        return settings.lead_flight_border if crosses_border else settings.lead_flight
    by_mode = {
        TravelMode.train: settings.lead_train,
        TravelMode.bus: settings.lead_bus,
        TravelMode.ferry: settings.lead_ferry,
    }
    return by_mode.get(mode, 0)


def exit_minutes(mode: TravelMode, crosses_border: bool, settings: TravelSettings = DEFAULTS) -> int:
    """How long after the arrival one is out of the building."""
    if mode is TravelMode.flight:
        return settings.exit_flight_border if crosses_border else settings.exit_flight
    by_mode = {
        TravelMode.train: settings.exit_train,
        TravelMode.bus: settings.exit_bus,
        TravelMode.ferry: settings.exit_ferry,
    }
    return by_mode.get(mode, 0)


def boarding_minutes(people: int, settings: TravelSettings = DEFAULTS) -> int:
    """How long so many people take to get in; more than the largest group take as long as that."""
    for most, minutes in settings.boarding:
        if people <= most:
            return minutes
    return settings.boarding[-1][1]


def pick_up_before(
    leg: TravelLeg, *, drive: int, people: int, by_boarding: bool = False, settings: TravelSettings = DEFAULTS
) -> LocalTime | None:
    """When the vehicle leaves for a departure, rounded down to five minutes; None where its time is unknown.

    Without a departure, or if asked for, the time of boarding stands in for it: it is earlier, so nobody is late.
    """
    known = leg.departs if leg.departs and leg.departs.instant and not by_boarding else leg.boards
    if known is None or known.instant is None:
        return None
    minutes = lead_minutes(leg.mode, bool(leg.crosses_border), settings) + drive + boarding_minutes(people, settings)
    return local_time(_floor(known.instant - timedelta(minutes=minutes)), known.zone)


def is_out(arrival: Arrival, settings: TravelSettings = DEFAULTS) -> datetime | None:
    """When they stand before the building, in UTC."""
    landed = arrival.arrives.instant
    return landed and landed + timedelta(minutes=exit_minutes(arrival.mode, arrival.crosses_border, settings))


def pick_up_after(arrivals: Sequence[Arrival], settings: TravelSettings = DEFAULTS) -> LocalTime | None:
    """When a vehicle can leave with all of these, rounded up to five minutes."""
    out = [moment for arrival in arrivals if (moment := is_out(arrival, settings))]
    return local_time(_ceil(max(out)), arrivals[0].arrives.zone) if out else None


def vehicles_for(
    arrivals: Iterable[Arrival],
    *,
    longest_wait: int | None = None,
    seats: int | None = None,
    settings: TravelSettings = DEFAULTS,
) -> list[VehicleRun]:
    """As few vehicles as will do, in order of time: nobody waits longer than that from being out, nobody stands.

    Whoever is more people than a vehicle has seats gets one alone. Arrivals without a time are left out.
    """
    most = settings.longest_wait if longest_wait is None else longest_wait
    known = [(out, arrival) for arrival in arrivals if (out := is_out(arrival, settings))]
    found: list[list[tuple[datetime, Arrival]]] = []
    for out, arrival in sorted(known, key=lambda pair: pair[0]):
        together = [*(found[-1] if found else ()), (out, arrival)]
        waits = (_ceil(out) - together[0][0]).total_seconds() / 60
        is_full = seats is not None and sum(one.people for _, one in together) > seats
        if found and waits <= most and not is_full:
            found[-1] = together
        else:
            found.append([(out, arrival)])
    return [_run(group, settings) for group in found]


def _run(group: list[tuple[datetime, Arrival]], settings: TravelSettings) -> VehicleRun:
    arrivals = tuple(arrival for _, arrival in group)
    leaves = _ceil(group[-1][0])
    waits = int((leaves - group[0][0]).total_seconds() // 60)
    return VehicleRun(arrivals, local_time(leaves, arrivals[0].arrives.zone), waits)


def _floor(moment: datetime) -> datetime:
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % _STEP, UTC)


def _ceil(moment: datetime) -> datetime:
    down = _floor(moment)
    return down if down == moment else down + timedelta(seconds=_STEP)
