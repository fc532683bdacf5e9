"""Dates and times as vendors write them, with the zone of the place they are about."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from visits.bookings.rules import FAR_DAYS, ProposalWarning, ReadingContext
from visits.travel_types import LocalTime, local_time

_TIME = r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?"
_OFFSET = r"\s*(?P<offset>Z|[+-]\d{1,2}(?::?\d{2})?)?"
_ISO = re.compile(rf"(?P<year>\d{{4}})[-/.]?(?P<month>\d{{2}})[-/.]?(?P<day>\d{{2}}){_TIME}{_OFFSET}")
_OTHER = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_TIME}{_OFFSET}"
)
_COMPACT = re.compile(r"(\d{8})T(\d{2})(\d{2})(\d{2})?(Z?)")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap]\.?m\.?)?", re.IGNORECASE)

# Days before and after a visit on which people travel.
_AROUND_VISIT = 3


@dataclass(frozen=True)
class SaidTime:
    """What is written, before a place is known. `days` are two where day and month could be either way round."""

    days: tuple[date, ...]
    clock: time | None = None
    offset: timedelta | None = None


@dataclass
class DateOrder:
    """Whether this vendor writes the day or the month first, once a bar code or the visit has told."""

    day_first: bool | None = None
    warnings: set[ProposalWarning] = field(default_factory=set)


def said_time(value: Any) -> SaidTime | None:
    """None for what is no date. KDE's date objects hold it under @value."""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    found = _COMPACT.fullmatch(text)
    if found:
        text = f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:]}T{found[2]}:{found[3]}{found[5]}"
    iso, other = _ISO.fullmatch(text), _OTHER.fullmatch(text)
    said = iso or other
    if said is None:
        return None
    try:
        days = (_day(said["year"], said["month"], said["day"]),) if iso else _either(said)
        clock = time(int(said["hour"]), int(said["minute"])) if said["hour"] else None
        return SaidTime(days, clock, _offset(said["offset"])) if days else None
    except ValueError:
        return None


def _day(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


def _either(said: re.Match[str]) -> tuple[date, ...]:
    """The day first, and the month first, as far as both are dates. With dots the day comes first everywhere."""
    found = []
    orders = [(said["second"], said["first"])] + ([] if said["mark"] == "." else [(said["first"], said["second"])])
    for month, day in orders:
        try:
            found.append(_day(said["year"], month, day))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text == "Z":
        return timedelta()
    digits = text[1:].replace(":", "")
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    found = timedelta(hours=int(hours), minutes=int(minutes))
    if found >= timedelta(hours=24):
        raise ValueError(text)
    return -found if text[0] == "-" else found


def clock_in(text: str) -> time | None:
    """The first time of day in a text."""
    found = _CLOCK.search(text)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower().startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def settle_order(order: DateOrder, said: SaidTime | None, day_of_year: int | None, context: ReadingContext) -> None:
    """Learn from one date which way round this vendor writes: by the day of the year beside it, else by the visit."""
    if said is None or len(said.days) < 2 or order.day_first is not None:
        return
    fitting = [day for day in said.days if day_of_year and day.timetuple().tm_yday == day_of_year]
    if len(fitting) == 1:
        order.day_first = fitting[0] == said.days[0]
        order.warnings.add(ProposalWarning.date_order_from_bar_code)
        return
    for most in (_AROUND_VISIT, FAR_DAYS) if context.has_visit else ():
        near = [day for day in said.days if context.days_off(day) <= most]
        if len(near) == 1:
            order.day_first = near[0] == said.days[0]
            return


def day_said(said: SaidTime, order: DateOrder) -> date | None:
    """None where it could be two days and nothing told which."""
    if len(said.days) == 1:
        return said.days[0]
    return None if order.day_first is None else said.days[0 if order.day_first else 1]


def at_place(
    said: SaidTime | None, zone: str, order: DateOrder, warnings: set[ProposalWarning], *, keeps_clock: bool = False
) -> LocalTime | None:
    """The time by the clock of the place.

    With an offset it is an instant, which is kept even if the place's clock differs; a hotel means its own clock
    whatever offset it writes (`keeps_clock`). Without one it is the time of the place, never of anybody else.
    """
    day = day_said(said, order) if said else None
    if said is None or day is None:
        return None
    if said.clock is None:
        return LocalTime(day, zone)
    wall = LocalTime(day, zone, said.clock)
    if not zone:
        return wall
    if said.offset is None:
        warnings.add(ProposalWarning.zone_from_place)
        return wall
    instant = datetime.combine(day, said.clock, timezone(said.offset))
    if instant.astimezone(ZoneInfo(zone)).utcoffset() == said.offset:
        return local_time(instant, zone)
    warnings.add(ProposalWarning.zone_differs_from_place)
    return wall if keeps_clock else local_time(instant, zone)
