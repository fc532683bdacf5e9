"""What counts as attendance. Pure.

Every source adds what it says of a person and half-day; nothing is overwritten. A signature on the sheet decides, for
funders count those who signed; a correction decides over everything before it, and what contradicts is shown.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.errors import N_
from core.zones import local, start_of_day


class Half(StrEnum):
    """Half a day, as on the signed sheet."""

    morning = "am"
    afternoon = "pm"


HalfDay = tuple[date, Half]
HALVES = {Half.morning: N_("Morning"), Half.afternoon: N_("Afternoon")}


class AttendanceSource(StrEnum):
    """Where it is known from."""

    sheet = "sheet"
    scan = "scan"
    check_in = "check-in"
    own_code = "own-code"
    platform = "platform"
    correction = "correction"


SOURCES = {
    AttendanceSource.sheet: N_("Entered from the signed sheet"),
    AttendanceSource.scan: N_("Read from a scan of the sheet"),
    AttendanceSource.check_in: N_("Check-in desk"),
    AttendanceSource.own_code: N_("Own code during an online event"),
    AttendanceSource.platform: N_("Log of the online platform"),
    AttendanceSource.correction: N_("Correction"),
}
SIGNATURES = frozenset({AttendanceSource.sheet, AttendanceSource.scan})
# What begins from then on belongs to the afternoon; what began before and goes on after lunch belongs to both halves.
_NOON, _AFTER_LUNCH = time(12, 30), time(13)


@dataclass(frozen=True)
class Statement:
    """What one source says of a half-day."""

    source: AttendanceSource
    is_present: bool


@dataclass(frozen=True)
class Judgement:
    """What counts, and whether sources contradict each other."""

    is_present: bool
    is_disputed: bool


def judge(statements: Sequence[Statement]) -> Judgement:
    """What counts of all that was said of a half-day, oldest first. Nothing said: absent."""
    corrected = max((n for n, one in enumerate(statements) if one.source is AttendanceSource.correction), default=None)
    if corrected is not None:
        is_present = statements[corrected].is_present
        later = _latest(statements[corrected + 1 :])
        return Judgement(is_present, any(said != is_present for said in later.values()))
    latest = _latest(statements)
    signatures = [said for source, said in latest.items() if source in SIGNATURES]
    return Judgement(any(signatures or latest.values()), len(set(latest.values())) > 1)


def _latest(statements: Sequence[Statement]) -> dict[AttendanceSource, bool]:
    """The last word of each source: a page read twice says what the second reading says."""
    return {one.source: one.is_present for one in statements}


def half_of(starts: datetime) -> Half:
    """The half of the day in which something begins, by the event's own clock."""
    return Half.morning if starts.time() < _NOON else Half.afternoon


def half_day_of(happened_at: datetime, zone: str, held: Collection[HalfDay]) -> HalfDay:
    """The half-day for which somebody comes: the one of the clock, or the day's other one where only that is held."""
    wall = local(happened_at, zone)
    half = half_of(wall)
    other = Half.afternoon if half is Half.morning else Half.morning
    if (wall.date(), half) not in held and (wall.date(), other) in held:
        half = other
    return wall.date(), half


def half_day_ends(zone: str, *, at: datetime) -> datetime:
    """When the present half of the day ends, by the event's own clock."""
    wall = local(at, zone)
    if wall.time() < _NOON:
        return datetime.combine(wall.date(), _NOON, wall.tzinfo)
    return start_of_day(wall.date() + timedelta(days=1), zone)


def held_halves(days: Sequence[date], sessions: Iterable[tuple[datetime, datetime, bool]], zone: str) -> list[HalfDay]:
    """Half-days on which something took place, in order: of a day without any session, both.

    Each session comes with whether people attend it: a day that has but meals and journeys counts for nothing.
    """
    held: dict[date, set[Half]] = {}
    for starts_at, ends_at, is_attended in sessions:
        starts, ends = local(starts_at, zone), local(ends_at, zone)
        halves = held.setdefault(starts.date(), set())
        if is_attended:
            halves.add(half_of(starts))
        if is_attended and (ends.time() > _AFTER_LUNCH or ends.date() > starts.date()):
            halves.add(Half.afternoon)
    return [(day, half) for day in days for half in Half if half in held.get(day, set(Half))]


@dataclass(frozen=True)
class Attended:
    """How much of an event somebody attended, in half-days."""

    present: int
    held: int
    is_enough: bool

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 79.9 % is below 80 %."""
        return 100 * self.present // self.held if self.held else 0


def attended(signed: Collection[HalfDay], held: Sequence[HalfDay], threshold: int) -> Attended:
    """Measured against the event's threshold in percent. Half-days on which nothing took place do not count; whoever
    was never there attended nothing, whatever the threshold."""
    present = len(set(signed) & set(held))
    return Attended(present, len(held), present > 0 and 100 * present >= threshold * len(held))
