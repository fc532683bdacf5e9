"""Local times and instants: zones by IANA name, gaps and overlaps decided by a person, not guessed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from core.errors import N_, Unacceptable

# No zones of people: the machine's own, and that of a machine that nobody has told.
_OF_MACHINES = {"Factory", "localtime"}


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones() - _OF_MACHINES)


def town_zones() -> list[str]:
    """Zones named after a place, to choose from where only the place is not known."""
    return sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))


@cache
def _zones_by_country() -> Mapping[str, tuple[str, ...]]:
    """The zones of each country, those first in which most people live: `zone.tab` of the IANA database."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), name)
    return found


@cache
def zones_of_country(country: str) -> tuple[str, ...]:
    """The zones between which people of a country have to choose, the most populous first: of those whose clocks
    have gone alike since 2025 the first alone. None where the country is unknown to the IANA database."""
    by_clock: dict[tuple[timedelta | None, ...], str] = {}
    for name in _zones_by_country().get(country, ()):
        days = [(year, month, 15, 12) for year in (2025, 2026) for month in range(1, 13)]
        noons = (datetime(*day, tzinfo=ZoneInfo(name)) for day in days)
        by_clock.setdefault(tuple(noon.utcoffset() for noon in noons), name)
    return tuple(by_clock.values())


def is_zone_of(name: str, country: str) -> bool:
    """Whether clocks in that zone go as somewhere in the country, or nothing is known of the country."""
    known = _zones_by_country().get(country, ())
    return not known or name in known


def country_of(zone: str) -> str | None:
    """The country whose zone this is, as ISO 3166 code; none for Etc/UTC and its like, and for old names."""
    return next((country for country, names in _zones_by_country().items() if zone in names), None)


def zone_of(name: str, field: str = "zone") -> ZoneInfo:
    """The zone of that IANA name; refuses an unknown one."""
    if name not in zone_names():
        raise Unacceptable(field, N_("“%(zone)s” is not a time zone. Example: Europe/Istanbul."), zone=name)
    return ZoneInfo(name)


def instant_of(wall: datetime, zone: ZoneInfo, field: str) -> datetime:
    """The UTC instant of a wall-clock time.

    A time that the clock change skips is refused; one that happens twice needs `fold` chosen, or an
    aware value with one of the two offsets. Both offsets are named in the message.
    """
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    facts = {"time": wall.strftime("%Y-%m-%d %H:%M"), "first": _offset(first), "second": _offset(second)}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise Unacceptable(
            field,
            N_("%(time)s does not exist: the clocks jump from UTC%(first)s to UTC%(second)s over it."),
            **facts,
        )
    raise Unacceptable(
        field,
        N_("%(time)s happens twice. Write UTC%(first)s or UTC%(second)s behind it to say which."),
        **facts,
    )


def _offset(moment: datetime) -> str:
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:]}"


def local(moment: datetime, zone: str) -> datetime:
    """The wall-clock time of an instant in a zone."""
    return moment.astimezone(ZoneInfo(zone))


def day_in(zone: str, *, at: datetime) -> date:
    """The day that it is in a zone."""
    return local(at, zone).date()


def utc_day(moment: datetime) -> date:
    """The day in UTC, for what no zone is known of, or where hours make no difference; people are shown `day_in`."""
    return moment.astimezone(UTC).date()


def earliest_day(*, at: datetime) -> date:
    """The day that it is where days begin last: what ended before it has ended everywhere, which SQL can leave out."""
    return utc_day(at - timedelta(hours=12))


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def start_of_day(day: date, zone: str) -> datetime:
    """The instant at which the day begins in the zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def is_to_come(day: date, *, at: datetime) -> bool:
    """Whether a day has begun nowhere on earth yet: somewhere it is a day later already."""
    return day > (at + timedelta(hours=14)).date()
