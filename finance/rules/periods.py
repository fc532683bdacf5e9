"""Periods of 24 hours from the start of an absence, by elapsed time and never by the clock. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from finance.rules.facts import Mission
from visits.travel_types import local_time

WHOLE = timedelta(hours=24)


@dataclass(frozen=True)
class MissionPeriod:
    """At most 24 hours, half-open; `day` is the date on which it begins where the person is, by the clock of `zone`."""

    number: int
    start: datetime
    end: datetime
    day: date
    zone: str

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def periods_of(mission: Mission) -> list[MissionPeriod]:
    """All periods of the absence; the last may be shorter. None where it is not known or has no length."""
    away = mission.away
    periods: list[MissionPeriod] = []
    if away is None:
        return periods
    start = away.start
    while start < away.end:
        zone = mission.zone_at(start)
        day = local_time(start, zone).day
        periods.append(MissionPeriod(len(periods), start, min(start + WHOLE, away.end), day, zone))
        start += WHOLE
    return periods
