"""Many messages about the same bookings end in one state, in whatever order they are read.

Readings are put in the order in which vendors wrote them, then gathered into bookings; of each field the newest word
counts, and what a message does not say stays as it was. A cancellation takes what is not newer than itself.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from visits.bookings.matching import is_same_person
from visits.bookings.rules import (
    BookingEnd,
    BookingState,
    MessageReading,
    ProposalWarning,
    ReadLeg,
    ReadStay,
    moment_of,
)
from visits.places.airports import present
from visits.places.rules import bare
from visits.travel_types import LocalTime, TravelMode

# Two tickets of one train may give its arrival this differently.
_ARRIVALS_APART = timedelta(minutes=3)
_FILLED = (
    "carrier", "number", "other_carrier", "departs", "arrives", "boards", "name", "passenger", "seat", "coach",
    "seat_class", "ticket", "sequence", "gate", "candidates", "fare", "fare_currency",
)  # fmt: skip


@dataclass(frozen=True)
class DatedLeg:
    """A leg with the moment of its message, and which message that was."""

    leg: ReadLeg
    written: datetime
    message: int


@dataclass
class LegBooking:
    """All that was said of one person's leg, the oldest first."""

    said: list[DatedLeg] = field(default_factory=list)
    cancelled_by: DatedLeg | None = None

    @property
    def leg(self) -> ReadLeg:
        """Field by field the newest word."""
        found = self.said[0].leg
        for dated in self.said[1:]:
            found = _updated(found, dated.leg)
        return found

    @property
    def written(self) -> datetime:
        return max(dated.written for dated in self.said)


@dataclass
class StayBooking:
    said: list[tuple[ReadStay, datetime, int]] = field(default_factory=list)
    is_cancelled: bool = False

    @property
    def stay(self) -> ReadStay:
        return self.said[-1][0]


@dataclass
class BookingLedger:
    """What holds after all messages. `unknown` are cancellations of what nobody booked, as far as was read."""

    legs: list[LegBooking] = field(default_factory=list)
    stays: list[StayBooking] = field(default_factory=list)
    cancellations: list[DatedLeg] = field(default_factory=list)
    stay_cancellations: list[tuple[ReadStay, datetime, int]] = field(default_factory=list)
    unknown: list[DatedLeg] = field(default_factory=list)
    warnings: set[ProposalWarning] = field(default_factory=set)
    # Messages from the oldest to the newest, by their place in what was given.
    order: list[int] = field(default_factory=list)


def merged(messages: Sequence[MessageReading], received: date) -> BookingLedger:
    """The state after these messages; what is given twice counts once."""
    undated = datetime.combine(received, time(), UTC)
    distinct: dict[str, int] = {}
    for number, message in enumerate(messages):
        distinct.setdefault(json.dumps(message.to_json(), sort_keys=True), number)
    dated = sorted(
        (_written(message, undated), text, number)
        for text, number in distinct.items()
        for message in [messages[number]]
    )
    ledger = BookingLedger(order=[number for _, _, number in dated])
    legs = [
        DatedLeg(leg, _changed(leg.modified, messages[number], undated), number)
        for _, _, number in dated
        for leg in messages[number].legs
    ]
    for number in ledger.order:
        ledger.warnings |= messages[number].warnings
    legs.sort(key=lambda one: one.written)
    booked = [one for one in legs if one.leg.state is not BookingState.cancelled]
    _gather(ledger, [one for one in booked if one.leg.name])
    _spread(ledger, [one for one in booked if not one.leg.name])
    ledger.cancellations = [one for one in legs if one.leg.state is BookingState.cancelled]
    for cancellation in ledger.cancellations:
        _cancel(ledger, cancellation)
    _merge_stays(ledger, messages, undated)
    return ledger


def _written(message: MessageReading, undated: datetime) -> datetime:
    """When a message was written: its newest word, else its date."""
    modified = [*(leg.modified for leg in message.legs), *(stay.modified for stay in message.stays)]
    said = [moment for text in modified if (moment := moment_of(text))]
    return max(said) if said else moment_of(message.sent) or undated


def _changed(modified: str, message: MessageReading, undated: datetime) -> datetime:
    return moment_of(modified) or moment_of(message.sent) or undated


def _gather(ledger: BookingLedger, legs: Iterable[DatedLeg]) -> None:
    for dated in legs:
        known = next((booking for booking in ledger.legs if _is_same(booking, dated.leg)), None)
        if known:
            known.said.append(dated)
        else:
            ledger.legs.append(LegBooking([dated]))


def _spread(ledger: BookingLedger, legs: Iterable[DatedLeg]) -> None:
    """A message that names nobody is about all who are booked under its reference on that leg."""
    named = list(ledger.legs)
    for dated in legs:
        about = [
            booking
            for booking in named
            if is_same_leg(booking.leg, dated.leg) and not _conflicts(booking.leg, dated.leg)
        ]
        for booking in about:
            booking.said = sorted([*booking.said, dated], key=lambda one: one.written)
        if not about:
            _gather(ledger, [dated])


def _is_same(booking: LegBooking, leg: ReadLeg) -> bool:
    known = booking.leg
    return is_same_leg(known, leg) and _is_one_person(known, leg) and not _conflicts(known, leg)


def _is_one_person(one: ReadLeg, other: ReadLeg) -> bool:
    return one.name == other.name or bool(one.name and other.name and is_same_person(one.name, other.name))


def is_same_leg(one: ReadLeg, other: ReadLeg) -> bool:
    """Flights by day, both ends and number, or by reference and time where one is sold under two numbers; all else by
    its times and places."""
    if one.mode is not other.mode or not (
        _is_end(one.origin, other.origin) and _is_end(one.destination, other.destination)
    ):
        return False
    if one.mode is TravelMode.flight:
        if one.day != other.day:
            return False
        carriers = {one.carrier, one.other_carrier} & {other.carrier, other.other_carrier} - {""}
        is_numbered = one.number == other.number and bool(carriers or not (one.carrier and other.carrier))
        at_once = one.departs == other.departs and bool(set(one.references) & set(other.references))
        return is_numbered or at_once
    return one.departs == other.departs and _is_at_once(one.arrives, other.arrives)


def _is_end(one: BookingEnd, other: BookingEnd) -> bool:
    if one.iata and other.iata:
        return present(one.iata) == present(other.iata)
    return bare(one.name) == bare(other.name)


def _is_at_once(one: LocalTime | None, other: LocalTime | None) -> bool:
    first, last = one and one.instant, other and other.instant
    return abs(first - last) <= _ARRIVALS_APART if first and last else True


def _conflicts(one: ReadLeg, other: ReadLeg) -> bool:
    """Another reference is another booking. Another seat is one too, unless reference and person are the same."""
    if one.references and other.references and not set(one.references) & set(other.references):
        return True
    is_known = bool(set(one.references) & set(other.references)) and bool(one.name and other.name)
    return bool(one.seat and other.seat and one.seat != other.seat and not is_known)


def _updated(known: ReadLeg, newer: ReadLeg) -> ReadLeg:
    changes: dict[str, object] = {name: value for name in _FILLED if (value := getattr(newer, name))}
    if known.departs and newer.departs and newer.departs.clock is None and known.departs.day == newer.departs.day:
        changes.pop("departs", None)
    if known.name and newer.name and "/" in known.name and "/" not in newer.name:
        changes.pop("name", None)
    references = tuple(dict.fromkeys((*known.references, *newer.references)))
    ends = {name: _fuller(getattr(known, name), getattr(newer, name)) for name in ("origin", "destination")}
    return replace(known, **{**changes, **ends, "references": references, "state": newer.state})  # type: ignore[arg-type]


def _fuller(known: BookingEnd, newer: BookingEnd) -> BookingEnd:
    return BookingEnd(*(getattr(newer, name) or getattr(known, name) for name in known.__dict__))


def _cancel(ledger: BookingLedger, cancellation: DatedLeg) -> None:
    """By reference, leg and person, as far as it names them; never what was booked after it was written."""
    said = cancellation.leg
    is_known = False
    for booking in ledger.legs:
        known = booking.leg
        is_referred = not said.references or bool(set(known.references) & set(said.references))
        is_leg = (not said.origin.iata and not said.origin.name) or is_same_leg(known, said)
        is_person = not said.name or _is_one_person(known, said)
        if is_referred and is_leg and is_person and (said.references or said.origin != BookingEnd()):
            is_known = True
            if cancellation.written >= booking.written:
                booking.cancelled_by = cancellation
    for stays in ledger.stays:
        is_known = is_known or bool(set(stays.stay.references) & set(said.references))
    if not is_known:
        ledger.unknown.append(cancellation)


def _merge_stays(ledger: BookingLedger, messages: Sequence[MessageReading], undated: datetime) -> None:
    """By name of the hotel, check-in day and guest."""
    dated = [
        (stay, _changed(stay.modified, messages[number], undated), number)
        for number in ledger.order
        for stay in messages[number].stays
    ]
    dated.sort(key=lambda one: one[1])
    for one in dated:
        stay = one[0]
        known = next((booking for booking in ledger.stays if _is_same_stay(booking.stay, stay)), None)
        if stay.state is BookingState.cancelled:
            ledger.stay_cancellations.append(one)
            for booking in ledger.stays:
                is_referred = bool(set(booking.stay.references) & set(stay.references))
                if booking is known or (is_referred and not stay.name):
                    booking.is_cancelled = True
        elif known:
            known.said.append(one)
            known.is_cancelled = False
        else:
            ledger.stays.append(StayBooking([one]))


def _is_same_stay(one: ReadStay, other: ReadStay) -> bool:
    if bare(one.name) != bare(other.name) or one.check_in != other.check_in:
        return False
    if one.references and other.references and not set(one.references) & set(other.references):
        return False
    names = one.passenger, other.passenger
    return not all(names) or is_same_person(*names)
