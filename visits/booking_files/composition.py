"""A booking beside what is entered: the leg it is about, and what it would add to it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from core.errors import Unacceptable, UnacceptableFields
from core.money import Money
from visits.bookings.merging import LegBooking
from visits.bookings.rules import BookingState, ProposalKind, ReadLeg
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import leg_of
from visits.legs.rules import BOUGHT, PassengerState
from visits.legs.schemas import LegIn, PassengerIn
from visits.travel_types import LocalTime

Theirs = Sequence[tuple[Leg, LegPassenger]]


def kind_of(booking: LegBooking, theirs: Theirs) -> ProposalKind:
    """What taking a booking over would do to these legs of its traveller."""
    given = leg_in(booking.leg)
    if given is None:
        return ProposalKind.unclear
    new = leg_of(given)
    entered = find_entered(booking.leg, new, theirs)
    is_on = entered is not None and entered[1].is_travelling and entered[0].cancelled_at is None
    if booking.cancelled_by is not None:
        return ProposalKind.cancelled if is_on else ProposalKind.same
    if entered is None or not is_on:
        return ProposalKind.new
    is_same = is_as_entered(given, entered[0]) and not _adds(booking.leg, entered[1])
    return ProposalKind.same if is_same else ProposalKind.changed


def is_as_entered(given: LegIn, leg: Leg) -> bool:
    """Whether a leg has the day and the times that a booking says, as far as it says them."""
    new = leg_of(given)
    return all(
        getattr(new, name) is None or getattr(new, name) == getattr(leg, name)
        for name in ("departs_at", "arrives_at", "day")
    )


def _adds(read: ReadLeg, one: LegPassenger) -> bool:
    """Whether a booking says something where nothing is entered yet. What differs was entered by somebody: it stays."""
    said = passenger_in(read, None)
    names = ("seat", "reference", "ticket_number", "travel_class")
    if any(getattr(said, name) and not getattr(one, name) for name in names):
        return True
    is_bought = said.state in BOUGHT and one.state in (PassengerState.wished, PassengerState.held)
    return is_bought or (said.fare is not None and one.fare_minor is None)


def passenger_in(read: ReadLeg, known: LegPassenger | None) -> PassengerIn:
    """What a booking says of one person on a leg; what it does not say stays as it was entered."""
    state = PassengerState.held if read.state is BookingState.held else PassengerState.booked
    said: dict[str, Any] = {
        "state": PassengerState.ticketed if read.ticket else state,
        "seat": f"{read.coach} {read.seat}".strip()[:10],
        "reference": read.references[0][:20] if read.references else "",
        "ticket_number": read.ticket[:20],
        "ticket_name": (read.passenger or read.name)[:80],
        "travel_class": read.seat_class[:20],
        "fare": Decimal(read.fare) if read.fare else None,
        "fare_currency": read.fare_currency,
    }
    if known is not None:
        there = known.model_dump(include={*said, "paid_by"})
        if known.fare_minor is not None:
            there["fare"] = Money.of_minor(known.fare_minor, known.fare_currency).amount
        if said["fare"] is None:
            said.pop("fare_currency")
        said = there | {name: value for name, value in said.items() if value}
        is_issued = known.state is PassengerState.ticketed or bool(known.ticket_number)
        if known.state is PassengerState.flown or (is_issued and not read.ticket):
            said["state"] = known.state
    return PassengerIn.model_validate(said)


def find_entered(read: ReadLeg, new: Leg, theirs: Theirs) -> tuple[Leg, LegPassenger] | None:
    """The traveller's leg that a booking is about: by carrier, number and day, else by reference and places."""
    for leg, one in theirs:
        if leg.is_same(new):
            return leg, one
    for leg, one in theirs:
        is_referred = bool(one.reference) and one.reference in read.references
        if is_referred and (leg.from_label, leg.to_label) == (new.from_label, new.to_label):
            return leg, one
    return None


def leg_in(read: ReadLeg) -> LegIn | None:
    """A booking as somebody would type it; None where the day or a place is not known."""
    moment = read.departs or read.boards
    arrives = read.arrives
    if moment is None:
        return None
    said: dict[str, Any] = {
        "mode": read.mode,
        "carrier": read.carrier,
        "number": read.number,
        "origin": read.origin.iata or read.origin.name[:80],
        "destination": read.destination.iata or read.destination.name[:80],
        "day": moment.day,
        "departs": _clock(read.departs),
        "boards": _clock(read.boards),
        "arrives": _clock(arrives),
        "arrival_day": arrives.day if arrives and arrives.day != moment.day else None,
        "origin_terminal": read.origin.terminal[:20],
        "destination_terminal": read.destination.terminal[:20],
        "origin_zone": read.origin.zone or moment.zone or None,
        "destination_zone": read.destination.zone or (arrives.zone if arrives else "") or None,
    }
    try:
        given = LegIn.model_validate(said)
        leg_of(given)
    except (ValidationError, Unacceptable, UnacceptableFields):
        return None
    return given


def _clock(moment: LocalTime | None) -> str | None:
    """The clock with its offset, so that an hour that comes twice is the right one."""
    if moment is None or moment.clock is None or moment.instant is None:
        return None
    return moment.instant.astimezone(ZoneInfo(moment.zone)).isoformat(timespec="minutes").partition("T")[2]
