"""How long a leg takes against what its distance allows: the best check of zones there is."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.places.rules import half_up, km_between
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import LocalTime, TravelLeg, TravelMode, minutes_between

_SPEED = {TravelMode.train, TravelMode.bus, TravelMode.car}


@dataclass(frozen=True)
class Allowed:
    """Minutes that a distance allows; no most where only speed is bounded. `usual` is known of flights."""

    least: int
    most: int | None = None
    usual: int | None = None

    def holds(self, minutes: int) -> bool:
        return self.least <= minutes and (self.most is None or minutes <= self.most)


@dataclass(frozen=True)
class DurationCheck:
    """`shift` is the difference of the two zones, signed, by which the duration would fit; `suggestion` the arrival a
    day later or earlier with which it would."""

    minutes: int | None
    allowed: Allowed | None = None
    finding: TravelFinding | None = None
    shift: int | None = None
    suggestion: LocalTime | None = None
    suggestion_minutes: int | None = None


def allowed_minutes(mode: TravelMode, km: float, settings: TravelSettings = DEFAULTS) -> Allowed | None:
    """None for what has no bound: ferries, walks."""
    if mode is TravelMode.flight:
        usual = settings.flight_taxi + km / settings.flight_km_per_minute
        most = half_up(settings.flight_high * usual + settings.flight_more)
        return Allowed(half_up(settings.flight_low * usual), most, half_up(usual))
    if mode not in _SPEED:
        return None
    by_hour = settings.train_km_per_hour if mode is TravelMode.train else settings.bus_km_per_hour
    return Allowed(half_up(km * 60 / by_hour))


def check_duration(leg: TravelLeg, km: float | None = None, settings: TravelSettings = DEFAULTS) -> DurationCheck:
    """Only what is outside is a finding; a fault of an hour on a long leg stays inside."""
    departs, arrives = leg.departs, leg.arrives
    minutes = leg.minutes
    if departs is None or arrives is None or minutes is None:
        return DurationCheck(None)
    km = km_between(leg.origin, leg.destination) if km is None else km
    allowed = None if km is None else allowed_minutes(leg.mode, km, settings)
    is_before = minutes < 0
    if not is_before and (allowed is None or allowed.holds(minutes)):
        return DurationCheck(minutes, allowed)
    days = (1,) if is_before else (-1, 1)
    suggestion, after = _another_day(departs, arrives, allowed, days)
    shift = None if is_before or allowed is None else _shift(departs, arrives, minutes, allowed)
    code = FindingCode.arrives_before_departure if is_before else FindingCode.duration_implausible
    said = finding(
        code,
        leg.key,
        leg=leg.label,
        minutes=minutes,
        km=None if km is None else half_up(km),
        least=allowed and allowed.least,
        most=allowed and allowed.most,
        shift=shift,
        day=suggestion and suggestion.day.isoformat(),
        after=after,
    )
    return DurationCheck(minutes, allowed, said, shift, suggestion, after)


def _another_day(
    departs: LocalTime, arrives: LocalTime, allowed: Allowed | None, days: tuple[int, ...]
) -> tuple[LocalTime | None, int | None]:
    """The arrival a day off, if the duration then fits; of an unknown distance, if it is under a day."""
    for number in days:
        moved = arrives.later_by(number)
        minutes = minutes_between(departs, moved)
        if minutes is None:
            continue
        fits = allowed.holds(minutes) if allowed and allowed.most is not None else 0 < minutes < 24 * 60
        if fits and (allowed is None or allowed.holds(minutes)):
            return moved, minutes
    return None, None


def _shift(departs: LocalTime, arrives: LocalTime, minutes: int, allowed: Allowed) -> int | None:
    """The difference of the zones in minutes, with its sign, by which the duration would be right."""
    difference = abs(_offset(departs) - _offset(arrives))
    fitting = [shift for shift in (difference, -difference) if difference and allowed.holds(minutes + shift)]
    return fitting[0] if fitting else None


def _offset(moment: LocalTime) -> int:
    offset = datetime.astimezone(moment.earliest, ZoneInfo(moment.zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0
