"""What may be said of a leg and of who travels on it. Pure."""

import re
from datetime import date, timedelta
from enum import StrEnum

from core.errors import N_, Refusal, Unacceptable
from visits.travel_types import TravelMode

TRAVEL_MODES = {
    TravelMode.flight: N_("Flight"),
    TravelMode.train: N_("Train"),
    TravelMode.underground: N_("Underground"),
    TravelMode.bus: N_("Bus"),
    TravelMode.ferry: N_("Ferry"),
    TravelMode.car: N_("Car"),
    TravelMode.foot: N_("On foot"),
}


class PassengerState(StrEnum):
    """How far one person's place on a leg is. Nothing follows by itself: a ticket is what somebody holds."""

    wished = "wished"
    held = "held"
    booked = "booked"
    ticketed = "ticketed"
    changed = "changed"
    cancelled = "cancelled"
    flown = "flown"
    unused = "not used"


PASSENGER_STATES = {
    PassengerState.wished: N_("Wished"),
    PassengerState.held: N_("Held"),
    PassengerState.booked: N_("Booked"),
    PassengerState.ticketed: N_("Ticket issued"),
    PassengerState.changed: N_("Changed"),
    PassengerState.cancelled: N_("Cancelled"),
    PassengerState.flown: N_("Travelled"),
    PassengerState.unused: N_("Not used"),
}
# Who still travels on it: of a wish nobody knows yet whether it comes true, and it is checked like the rest.
TRAVELLING = frozenset(PassengerState) - {PassengerState.cancelled, PassengerState.unused}
# What somebody holds a ticket for, in their name.
BOUGHT = frozenset({PassengerState.booked, PassengerState.ticketed, PassengerState.changed, PassengerState.flown})


# A ticket that was issued; one whose leg moved was, or may have been.
ISSUED = frozenset({PassengerState.ticketed, PassengerState.changed, PassengerState.flown})


class FarePayer(StrEnum):
    """Who pays a fare: what the project pays is a cost of the visit."""

    project = "project"
    host = "host"
    participant = "participant"
    institution = "institution"


FARE_PAYERS = {
    FarePayer.project: N_("The project"),
    FarePayer.host: N_("The host"),
    FarePayer.participant: N_("The participant"),
    FarePayer.institution: N_("The participant’s institution"),
}


class TicketIsIssued(Refusal):
    """Somebody has paid for it: who does not travel after all tells those who can get the money back."""

    status, code = 409, "ticket-issued"
    title = N_("Your ticket is issued or paid for. If you do not travel on it, please write to %(contact)s.")


class TicketOfOrganiser(TicketIsIssued):
    """The same where nobody is named to write to."""

    title = N_("Your ticket is issued or paid for. If you do not travel on it, please write to the organiser.")


class LegIsCancelled(Refusal):
    """A leg that is off is not changed any more."""

    status, code, title = 409, "leg-cancelled", N_("This leg was cancelled. Add a new one instead.")


# A leg farther from an event than this has a wrong month or year.
FARTHEST = timedelta(days=30)


def must_be_near(day: date, first_day: date, last_day: date, leg: str, field: str = "day") -> None:
    """Raises Unacceptable beside the field for a leg that cannot be one of an event on these days."""
    if not first_day - FARTHEST <= day <= last_day + FARTHEST:
        reason = N_(
            "%(leg)s on %(day)s is more than %(days)s days away from the event, which is from %(first)s to %(last)s. "
            "Please check day, month and year."
        )
        raise Unacceptable(field, reason, leg=leg, day=day, days=FARTHEST.days, first=first_day, last=last_day)


_CODE = re.compile(r"[A-Za-z]{3}|[A-Z]{2,4}")


def unknown_place(text: str) -> str:
    """What to say of a place that was not found."""
    if _CODE.fullmatch(text.strip()):
        return N_("No airport has this code. Please check it, or write the town.")
    return N_("This place is not known. Write a larger town, or choose its time zone.")


_NUMBER = re.compile(r"([A-Z][A-Z0-9]|[A-Z0-9][A-Z])\s*0*(\d{1,4}[A-Z]?)")


def carrier_and_number(carrier: str, number: str) -> tuple[str, str]:
    """“TK1887”, “tk 1887” and “TK” with “1887” are one flight; leading zeros are not part of it. Other numbers are
    left as they are typed."""
    carrier, number = carrier.strip(), number.strip()
    together = _NUMBER.fullmatch(number.upper())
    if together and carrier.upper() in ("", together[1]):
        return together[1], together[2]
    return carrier, number.lstrip("0") if number.isdigit() else number
