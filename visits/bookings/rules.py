"""What is read out of a booking, before anybody has looked at it, and the limits of what is read."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from visits.travel_types import LocalTime, TravelMode

# Of what strangers send.
MOST_BYTES = 10 * 1024 * 1024
MOST_HTML = 2 * 1024 * 1024
MOST_FILES = 25
MOST_MESSAGES_DEEP = 3
MOST_RESERVATIONS = 200
# Of an agency's list: lines that become legs; and what is looked through for them, title and empty lines too.
MOST_TICKETS = 400
MOST_LINES = 1000
MOST_SHEETS = 10
MOST_JSON_DEEP = 50
# Farther from the visit's days a booking is hardly for it.
FAR_DAYS = 60


class ProposalWarning(StrEnum):
    zone_from_place = "zone_from_place"
    zone_differs_from_place = "zone_differs_from_place"
    year_assumed = "year_assumed"
    far_from_visit = "far_from_visit"
    date_order_from_bar_code = "date_order_from_bar_code"
    departure_time_unknown = "departure_time_unknown"
    arrival_time_unknown = "arrival_time_unknown"
    connection_hidden = "connection_hidden"
    markup_repaired = "markup_repaired"
    markup_damaged = "markup_damaged"
    encoding_repaired = "encoding_repaired"
    carrier_differs = "carrier_differs"
    reference_differs = "reference_differs"
    name_completed_from_bar_code = "name_completed_from_bar_code"
    name_order_unsure = "name_order_unsure"
    name_near = "name_near"
    not_in_visit = "not_in_visit"
    city_missing = "city_missing"
    ticket_missing = "ticket_missing"
    page_without_code = "page_without_code"
    duration_implausible = "duration_implausible"
    arrives_before_departure = "arrives_before_departure"


class ProposalKind(StrEnum):
    """What taking a proposal over would do."""

    new = "new"
    changed = "changed"
    cancelled = "cancelled"
    same = "same"
    unclear = "unclear"
    """no day or no place is known: it has to be entered by hand"""


class ReadingProblem(StrEnum):
    """Why nothing is proposed of a file."""

    nothing_found = "nothing_found"
    markup_damaged = "markup_damaged"
    railway_ticket = "railway_ticket"
    too_large = "too_large"
    unreadable = "unreadable"


class LineProblem(StrEnum):
    """Why a line of a list of tickets, or its fare, was not read."""

    name = "name"
    places = "places"
    day = "day"
    time = "time"
    mode = "mode"
    fare = "fare"
    formula = "formula"
    too_many = "too_many"


@dataclass(frozen=True)
class UnreadLine:
    """A line of a list by its sheet and by its number as people see it in their program."""

    sheet: str
    line: int
    why: LineProblem


class BookingState(StrEnum):
    booked = "booked"
    held = "held"
    cancelled = "cancelled"


@dataclass(frozen=True)
class BookingEnd:
    """Where a leg begins or ends: `iata` as it was written, the name as it was written, `zone` of the place."""

    iata: str = ""
    name: str = ""
    platform: str = ""
    terminal: str = ""
    zone: str = ""


@dataclass(frozen=True)
class ReadLeg:
    """One person's leg as one message says it; `passenger` is empty where it names nobody.

    `references` are all that were said, the booking's own first. `passenger` is for reading, `name` as it was written
    (a slash parts family and given names). Of a cancellation all but the reference may be empty.
    """

    mode: TravelMode = TravelMode.flight
    carrier: str = ""
    number: str = ""
    origin: BookingEnd = BookingEnd()
    destination: BookingEnd = BookingEnd()
    departs: LocalTime | None = None
    arrives: LocalTime | None = None
    boards: LocalTime | None = None
    references: tuple[str, ...] = ()
    other_carrier: str = ""
    passenger: str = ""
    name: str = ""
    seat: str = ""
    coach: str = ""
    seat_class: str = ""
    ticket: str = ""
    sequence: str = ""
    gate: str = ""
    state: BookingState = BookingState.booked
    # When the vendor last changed it, ISO with offset; empty where unsaid: then the mail's date counts.
    modified: str = ""
    # Days that an ambiguous date may mean: somebody has to say which.
    candidates: tuple[str, ...] = ()
    # What it cost, a decimal number in that currency; both empty where unsaid.
    fare: str = ""
    fare_currency: str = ""

    @property
    def day(self) -> date | None:
        known = self.departs or self.boards
        return known.day if known else None


@dataclass(frozen=True)
class ReadStay:
    name: str = ""
    city: str = ""
    country: str = ""
    address: str = ""
    check_in: str = ""
    check_out: str = ""
    from_time: LocalTime | None = None
    until_time: LocalTime | None = None
    references: tuple[str, ...] = ()
    passenger: str = ""
    state: BookingState = BookingState.booked
    modified: str = ""

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The days of check-in and check-out, as far as the booking says them."""
        first, last = (date.fromisoformat(day) if day else None for day in (self.check_in, self.check_out))
        return first, last


@dataclass(frozen=True)
class ReadOther:
    """A rental car, a table, a ticket for an event: kept beside, no leg and no stay."""

    kind: str
    name: str = ""
    starts: str = ""
    ends: str = ""
    references: tuple[str, ...] = ()
    passenger: str = ""


@dataclass
class MessageReading:
    """All that one file says. `sent` is the date of the mail it stood in, ISO; empty of files without one.

    `tables` are sheets of lists as they were found in it, until `visits.bookings.ticket_lists` has read them; of those
    `is_list`, `unread` and `columns_left` (headings of columns that mean nothing here) tell.
    """

    legs: list[ReadLeg] = field(default_factory=list)
    stays: list[ReadStay] = field(default_factory=list)
    others: list[ReadOther] = field(default_factory=list)
    warnings: set[ProposalWarning] = field(default_factory=set)
    problem: ReadingProblem | None = None
    sent: str = ""
    is_list: bool = False
    unread: list[UnreadLine] = field(default_factory=list)
    columns_left: list[str] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.legs or self.stays or self.others or self.tables)

    @property
    def room(self) -> int:
        """How many reservations may still be read."""
        return MOST_RESERVATIONS - len(self.legs) - len(self.stays) - len(self.others)

    def warn(self, *warnings: ProposalWarning) -> None:
        self.warnings.update(warnings)

    def take(self, other: "MessageReading") -> None:
        """What a part of the message says; a part that says nothing may still say why."""
        room = self.room
        self.legs += other.legs[:room]
        self.stays += other.stays[: max(0, room - len(other.legs))]
        self.others += other.others[: max(0, room - len(other.legs) - len(other.stays))]
        self.warnings |= other.warnings
        self.problem = self.problem or other.problem
        self.tables += other.tables[: MOST_SHEETS - len(self.tables)]

    def to_json(self) -> dict[str, Any]:
        return {
            "legs": [_plain(leg) for leg in self.legs],
            "stays": [_plain(stay) for stay in self.stays],
            "others": [asdict(other) for other in self.others],
            "warnings": sorted(self.warnings),
            "problem": self.problem,
            "sent": self.sent,
            "is_list": self.is_list,
            "unread": [asdict(line) for line in self.unread],
            "columns_left": self.columns_left,
        }


_TIMES = ("departs", "arrives", "boards", "from_time", "until_time")


def _plain(read: ReadLeg | ReadStay) -> dict[str, Any]:
    said = asdict(read)
    for name in _TIMES:
        moment = getattr(read, name, None)
        if moment:
            said[name] = [moment.day.isoformat(), moment.zone, moment.clock and moment.clock.isoformat(), moment.fold]
    return said


def reading_from(said: dict[str, Any]) -> MessageReading:
    """The counterpart of `to_json`."""
    legs = []
    for leg in said["legs"]:
        ends = {name: BookingEnd(**leg[name]) for name in ("origin", "destination")}
        states = {"mode": TravelMode(leg["mode"]), "state": BookingState(leg["state"])}
        tuples = {name: tuple(leg[name]) for name in ("references", "candidates")}
        legs.append(ReadLeg(**{**leg, **ends, **states, **tuples, **_moments(leg)}))
    stays = [
        ReadStay(
            **{**stay, **_moments(stay), "state": BookingState(stay["state"]), "references": tuple(stay["references"])}
        )
        for stay in said["stays"]
    ]
    others = [ReadOther(**{**other, "references": tuple(other["references"])}) for other in said["others"]]
    problem = ReadingProblem(said["problem"]) if said["problem"] else None
    found = MessageReading(legs, stays, others, set(map(ProposalWarning, said["warnings"])), problem, said["sent"])
    # What was read before there were lists does not say so.
    found.is_list, found.columns_left = said.get("is_list", False), said.get("columns_left", [])
    found.unread = [UnreadLine(one["sheet"], one["line"], LineProblem(one["why"])) for one in said.get("unread", [])]
    return found


def _moments(said: dict[str, Any]) -> dict[str, LocalTime | None]:
    found: dict[str, LocalTime | None] = {}
    for name in _TIMES:
        if name in said:
            moment = said[name]
            clock = time.fromisoformat(moment[2]) if moment and moment[2] else None
            found[name] = LocalTime(date.fromisoformat(moment[0]), moment[1], clock, moment[3]) if moment else None
    return found


def moment_of(text: str) -> datetime | None:
    """An ISO moment with an offset, None for all else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@dataclass(frozen=True)
class ReadingContext:
    """What a reading may go by besides the file: the day it came, and the days of the visit it was sent for."""

    received: date
    first_day: date | None = None
    last_day: date | None = None

    def days_off(self, day: date) -> int:
        """How far from the visit's days; from the day it came, where no visit is known."""
        first, last = self.first_day or self.received, self.last_day or self.first_day or self.received
        return max((first - day).days, (day - last).days, 0)

    @property
    def has_visit(self) -> bool:
        return self.first_day is not None
