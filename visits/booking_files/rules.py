"""How bookings compare with the legs that are entered. Pure."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.collation import sort_key
from core.errors import N_, Refusal
from core.paging import sorted_rows
from visits.bookings.rules import LineProblem, ProposalKind, ProposalWarning, ReadingProblem, ReadLeg
from visits.hotel_bookings.rules import NightsProposal

MOST_AT_ONCE = 25
# A visit of two hundred people, and what one of them may send: each file can have ten megabytes.
MOST_OF_EVENT, MOST_OF_TRAVELLER = 2000, 40
# All files of an event that came by mail or otherwise, in bytes: more is taken from those who plan alone.
MOST_BYTES_BY_MAIL = 1024**3


PROPOSAL_KINDS = {
    ProposalKind.new: N_("New"),
    ProposalKind.changed: N_("Changed"),
    ProposalKind.cancelled: N_("Cancelled by the carrier"),
    ProposalKind.same: N_("Entered"),
    ProposalKind.unclear: N_("Please enter it by hand"),
}
READING_PROBLEMS = {
    ReadingProblem.nothing_found: N_("No booking was found in it."),
    ReadingProblem.markup_damaged: N_("What it says for programs is damaged; nothing is guessed."),
    ReadingProblem.railway_ticket: N_("A railway ticket: it is kept, its code cannot be read by others."),
    ReadingProblem.too_large: N_("It is larger than ten megabytes."),
    ReadingProblem.unreadable: N_("It could not be read."),
}
LINE_PROBLEMS = {
    LineProblem.name: N_("No name."),
    LineProblem.places: N_("From or to is missing or not known."),
    LineProblem.day: N_("The day cannot be read."),
    LineProblem.time: N_("A time cannot be read."),
    LineProblem.mode: N_("It does not say whether this is a flight, a train or something else."),
    LineProblem.fare: N_("Taken without its fare: amount or currency cannot be read."),
    LineProblem.formula: N_("A cell of this row is a formula."),
    LineProblem.too_many: N_("From this line on the list was not read: it is too long. Please split it."),
}
PROPOSAL_WARNINGS = {
    ProposalWarning.zone_from_place: N_("Time zones come from the places."),
    ProposalWarning.zone_differs_from_place: N_("A time zone in it is not that of the place."),
    ProposalWarning.year_assumed: N_("The year is the one of the visit."),
    ProposalWarning.far_from_visit: N_("It is far from the days of the visit."),
    ProposalWarning.date_order_from_bar_code: N_("Day and month are as in the bar code."),
    ProposalWarning.departure_time_unknown: N_("No time of departure."),
    ProposalWarning.arrival_time_unknown: N_("No time of arrival."),
    ProposalWarning.connection_hidden: N_("There may be a change on the way that it does not tell of."),
    ProposalWarning.markup_repaired: N_("It had small faults that were repaired."),
    ProposalWarning.markup_damaged: N_("Part of it is damaged."),
    ProposalWarning.encoding_repaired: N_("Turkish letters were repaired."),
    ProposalWarning.carrier_differs: N_("Two carriers are named."),
    ProposalWarning.reference_differs: N_("Two booking references are named."),
    ProposalWarning.name_completed_from_bar_code: N_("The name was completed from the bar code."),
    ProposalWarning.name_order_unsure: N_("Which is the family name is not certain."),
    ProposalWarning.name_near: N_("A name is almost that of a participant."),
    ProposalWarning.not_in_visit: N_("It names somebody who is not on this visit."),
    ProposalWarning.city_missing: N_("No town is named."),
    ProposalWarning.ticket_missing: N_("No ticket number."),
    ProposalWarning.page_without_code: N_("A page has no bar code."),
    ProposalWarning.duration_implausible: N_("It takes unusually long or short."),
    ProposalWarning.arrives_before_departure: N_("It arrives before it leaves."),
}


class UploadedAlready(Refusal):
    """The same file is there; it is not kept twice."""

    status, code, title = 409, "uploaded-already", N_("“%(name)s” was uploaded before.")


class ProposalGone(Refusal):
    """Something was read, entered or taken back since the proposal was shown."""

    status, code, title = 409, "proposal-gone", N_("What was proposed has changed meanwhile. Please look again.")


class SharedLeg(Refusal):
    """A traveller's own upload does not move a leg for others."""

    status, code, title = (
        409,
        "shared-leg",
        N_("Others travel on this leg. The organiser sees your booking and changes it."),
    )


@dataclass(frozen=True)
class LegProposal:
    """One person's leg as bookings say it, beside what is entered. `key` names it until either changes."""

    read: ReadLeg
    kind: ProposalKind
    registration_id: UUID | None
    name: str
    warnings: tuple[ProposalWarning, ...] = ()

    @property
    def key(self) -> str:
        said = repr((self.read, self.kind, self.registration_id))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def is_open(self) -> bool:
        """Whether taking it over would do something."""
        return self.kind in (ProposalKind.new, ProposalKind.changed, ProposalKind.cancelled) and bool(
            self.registration_id
        )


LEG_SORTS: Mapping[str, Callable[[LegProposal], Any]] = {
    "name": lambda one: sort_key(one.name),
    "leg": lambda one: sort_key(f"{one.read.carrier} {one.read.number}".strip()),
    "departure": lambda one: one.read.departs and one.read.departs.earliest,
    "arrival": lambda one: one.read.arrives and one.read.arrives.earliest,
    "reference": lambda one: next(iter(one.read.references), ""),
}
# Beside those of legs on one page, so under names of their own.
NIGHT_SORTS: Mapping[str, Callable[[NightsProposal], Any]] = {
    "guest": lambda one: sort_key(one.name),
    "hotel": lambda one: sort_key(f"{one.read.name} {one.read.city}".strip()),
    "checkin": lambda one: one.read.check_in,
    "checkout": lambda one: one.read.check_out,
    "booking": lambda one: next(iter(one.read.references), ""),
}


@dataclass(frozen=True)
class BookingProposals:
    """What all bookings say together."""

    legs: Sequence[LegProposal] = ()
    nights: Sequence[NightsProposal] = ()

    def sorted(self, sort: str) -> "BookingProposals":
        """The same, the list that has this column in its order."""
        return BookingProposals(sorted_rows(self.legs, sort, LEG_SORTS), sorted_rows(self.nights, sort, NIGHT_SORTS))
