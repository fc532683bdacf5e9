"""What travel rules are about, as plain values: local times, legs, stays, sessions of one person.

Rows of the database are mapped to these; nothing here reads a clock, a database or a file.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from visits.places.rules import NOWHERE, Place, crosses_border


class TravelMode(StrEnum):
    flight = "flight"
    train = "train"
    underground = "underground"
    bus = "bus"
    ferry = "ferry"
    car = "car"
    foot = "foot"


_MIDNIGHT = time()


@dataclass(frozen=True)
class LocalTime:
    """A day at a place, with the time if it is known: unknown is None, never midnight.

    `zone` is an IANA name. `fold` is 1 for the second of two equal times in the night when clocks go back.
    """

    day: date
    zone: str
    clock: time | None = None
    fold: int = 0

    @property
    def instant(self) -> datetime | None:
        """In UTC; None without a time. A time that the clocks skip counts with the offset before the change."""
        return None if self.clock is None or not self.zone else self.earliest

    @cached_property
    def earliest(self) -> datetime:
        """The instant, or that at which the day begins; by UTC where no zone is known."""
        zone = ZoneInfo(self.zone) if self.zone else UTC
        wall = datetime.combine(self.day, self.clock or _MIDNIGHT, zone)
        if wall.fold != self.fold:
            wall = wall.replace(fold=self.fold)
        return wall.astimezone(UTC)

    @property
    def wall(self) -> datetime | None:
        return datetime.combine(self.day, self.clock) if self.clock is not None else None

    @property
    def offset(self) -> str:
        """“UTC+02:00” where the clocks of the place show this time twice that night, else empty."""
        wall = self.wall
        if wall is None or not self.zone:
            return ""
        first, second = (wall.replace(tzinfo=ZoneInfo(self.zone), fold=fold) for fold in (0, 1))
        if first.utcoffset() == second.utcoffset() or (self.instant and local_time(self.instant, self.zone) != self):
            return ""
        text = wall.replace(tzinfo=ZoneInfo(self.zone), fold=self.fold).strftime("%z")
        return f"UTC{text[:3]}:{text[3:]}"

    def later_by(self, days: int) -> "LocalTime":
        """The same time by the clock some days later."""
        return replace(self, day=self.day + timedelta(days=days), fold=0)

    def plus(self, minutes: int) -> "LocalTime":
        """So many minutes later, across a change of the clocks too. Needs a time."""
        instant = self.instant
        if instant is None:
            return self
        return local_time(instant + timedelta(minutes=minutes), self.zone)

    def to_json(self) -> dict[str, Any]:
        said = {"day": self.day.isoformat()} if self.clock is None else {"local": f"{self.day}T{self.clock:%H:%M}"}
        return said | {"zone": self.zone}


def local_time(instant: datetime, zone: str) -> LocalTime:
    """What the clocks of a zone show at an instant, to the minute."""
    wall = instant.astimezone(ZoneInfo(zone))
    return LocalTime(wall.date(), zone, wall.time().replace(second=0, microsecond=0, fold=0), wall.fold)


def local_time_from(said: dict[str, Any]) -> LocalTime:
    """The counterpart of `to_json`. Raises ValueError or KeyError."""
    zone = said["zone"]
    if "local" not in said:
        return LocalTime(date.fromisoformat(said["day"]), zone)
    wall = datetime.fromisoformat(said["local"])
    return LocalTime(wall.date(), zone, wall.time(), said.get("fold", 0))


def minutes_between(one: LocalTime | None, other: LocalTime | None) -> int | None:
    """From one to the other as instants; None where a time is not known."""
    first, last = one and one.instant, other and other.instant
    return round((last - first).total_seconds() / 60) if first and last else None


@dataclass(frozen=True)
class TravelLeg:
    """One person's leg. Any of the three times may be unknown; the day of departure is known if anything is.

    `key` tells legs apart, `booking` says which were sold together (empty where unknown: then nothing is assumed).
    `border` overrules what the countries of both places say.
    """

    origin: Place = NOWHERE
    destination: Place = NOWHERE
    departs: LocalTime | None = None
    arrives: LocalTime | None = None
    boards: LocalTime | None = None
    mode: TravelMode = TravelMode.flight
    carrier: str = ""
    number: str = ""
    key: str = ""
    booking: str = ""
    border: bool | None = None

    @property
    def crosses_border(self) -> bool | None:
        return self.border if self.border is not None else crosses_border(self.origin, self.destination)

    @property
    def minutes(self) -> int | None:
        return minutes_between(self.departs, self.arrives)

    @property
    def label(self) -> str:
        """For sentences: "TK 1887", else the two places."""
        named = f"{self.carrier} {self.number}".strip()
        return named or f"{place_label(self.origin)}–{place_label(self.destination)}"


def place_label(place: Place) -> str:
    return place.iata or place.town or place.name or "?"


@dataclass(frozen=True)
class BedNights:
    """Nights from check-in to check-out, half-open: on the day of check-out the bed is free again."""

    check_in: date
    check_out: date
    hotel: str = ""
    key: str = ""

    def holds(self, night: date) -> bool:
        return self.check_in <= night < self.check_out

    @property
    def nights(self) -> list[date]:
        return [self.check_in + timedelta(days=number) for number in range((self.check_out - self.check_in).days)]


@dataclass(frozen=True)
class AttendedSession:
    """A session the person attends; `ends` may be unknown."""

    starts: LocalTime
    ends: LocalTime | None = None
    name: str = ""
    key: str = ""


@dataclass(frozen=True)
class Traveller:
    """All that the checks of one person rest on. `first_day` and `last_day` are the visit's, `event` is where it is, as
    far as that is known; `starts` where they live or set out, if the way home ends elsewhere, at `home`."""

    legs: tuple[TravelLeg, ...] = ()
    stays: tuple[BedNights, ...] = ()
    sessions: tuple[AttendedSession, ...] = ()
    home: Place | None = None
    first_day: date | None = None
    last_day: date | None = None
    # Minutes between two legs by anything but a leg (a transfer that is planned), by keys of both.
    transfers: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    event: Place | None = None
    starts: Place | None = None
