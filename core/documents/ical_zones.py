"""VTIMEZONE as every calendar understands it (RFC 5545, 3.6.5).

A change of the clock has its onset on the clock that it ends: Vienna's summer begins at 02:00. Where the zone has a
rule of two changes a year that iCalendar can say, the rule is written; where not, each onset is an observance of its
own, as there are readers that lose the DTSTART of an observance with RDATE.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

# A year begins on each weekday, a leap year too, within so many.
_CYCLE = 28
_STEP = timedelta(days=7)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Clock(NamedTuple):
    """How the clocks of a zone stand: their distance from UTC, the part of it that is summer's, and its name."""

    offset: timedelta
    summer: timedelta
    name: str


@dataclass(frozen=True)
class _Onset:
    """A change of the clocks, `at` a time on the clock before it; `rule` says when it comes again."""

    at: datetime
    before: _Clock
    after: _Clock
    rule: str = ""

    @property
    def is_daylight(self) -> bool:
        """Where winter is what deviates (Dublin), summer is what follows it."""
        return self.after.summer > timedelta() or (not self.after.summer and self.before.summer < timedelta())


@lru_cache(maxsize=500)
def zone_calendar(name: str, first: int, last: int) -> bytes:
    """The zone's VTIMEZONE, right from the first to the last of these years; a zone with a rule beyond them too."""
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    for onset in _ruled(name, first) or [_beginning(zone, first), *_onsets(zone, first, last)]:
        component.add_component(_observance(onset))
    return bytes(component.to_ical())


def _observance(onset: _Onset) -> TimezoneDaylight | TimezoneStandard:
    observance = TimezoneDaylight() if onset.is_daylight else TimezoneStandard()
    observance.add("dtstart", onset.at)
    observance.add("tzoffsetfrom", onset.before.offset)
    observance.add("tzoffsetto", onset.after.offset)
    observance.add("tzname", onset.after.name)
    if onset.rule:
        observance.add("rrule", vRecur.from_ical(onset.rule))
    return observance


def _clock(zone: ZoneInfo, moment: datetime) -> _Clock:
    local = moment.astimezone(zone)
    return _Clock(local.utcoffset() or timedelta(), local.dst() or timedelta(), local.tzname() or "")


def _beginning(zone: ZoneInfo, year: int) -> _Onset:
    """How the clocks stand when the year begins."""
    begins = datetime(year, 1, 1, tzinfo=UTC)
    clock = _clock(zone, begins)
    return _Onset(begins.replace(tzinfo=None), clock, clock)


def _onsets(zone: ZoneInfo, first: int, last: int) -> Iterator[_Onset]:
    """Every change of the clocks in these years."""
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    before = _clock(zone, moment)
    while moment < end:
        following = min(moment + _STEP, end)
        after = _clock(zone, following)
        if after != before:
            onset = _change(zone, moment, following)
            yield _Onset((onset + before.offset).replace(tzinfo=None), before, after)
        moment, before = following, after


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the clocks change between two moments."""
    was = _clock(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _clock(zone, middle) == was else (before, middle)
    return after


@lru_cache(maxsize=500)
def _ruled(name: str, first: int) -> Sequence[_Onset]:
    """The two changes of the year before, with the rule by which they come again from then on. None where there is no
    such rule, or none that iCalendar can say (in Cairo, the day after a month's last Thursday)."""
    zone, before = ZoneInfo(name), first - 1
    # Most zones are known by the first year to have none: years beyond it take their time.
    if len(list(_onsets(zone, before, before))) != 2:
        return ()
    found = list(_onsets(zone, before, before + _CYCLE))
    if len(found) != 2 * (_CYCLE + 1):
        return ()
    ruled = [_with_rule(found[half::2]) for half in (0, 1)]
    return ruled if all(onset.rule for onset in ruled) else ()


def _with_rule(onsets: Sequence[_Onset]) -> _Onset:
    """The first of a change's onsets, one a year; without a rule if they do not follow one."""
    first = onsets[0]
    if len({(o.at.month, o.at.weekday(), o.at.time(), o.before, o.after) for o in onsets}) != 1:
        return first
    weeks = {(o.at.day + 6) // 7 for o in onsets}
    is_last = all((o.at + timedelta(days=7)).month != o.at.month for o in onsets)
    if not is_last and len(weeks) != 1:
        return first
    week = -1 if is_last else weeks.pop()
    return replace(first, rule=f"FREQ=YEARLY;BYMONTH={first.at.month};BYDAY={week}{_WEEKDAYS[first.at.weekday()]}")
