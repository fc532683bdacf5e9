"""How a hotel booking compares with the nights of its guest. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from visits.bookings.rules import ProposalKind, ReadStay
from visits.places.rules import bare
from visits.stays.rules import NightSpan


@dataclass(frozen=True)
class NightsProposal:
    """One person's nights as bookings say them, beside what is entered. `key` names it until either changes."""

    read: ReadStay
    kind: ProposalKind
    registration_id: UUID | None
    name: str

    @property
    def key(self) -> str:
        said = repr((self.read, self.kind, self.registration_id))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def is_open(self) -> bool:
        """Whether taking it over would do something."""
        return self.registration_id is not None and self.kind in (
            ProposalKind.new,
            ProposalKind.changed,
            ProposalKind.cancelled,
        )


def days_in(read: ReadStay) -> tuple[date, date] | None:
    """Check-in and check-out; None where one is not known or they are no nights."""
    check_in, check_out = read.days
    return (check_in, check_out) if check_in and check_out and check_in < check_out else None


def replaced_by(read: ReadStay, hotel_id: UUID | None, spans: Sequence[NightSpan]) -> list[NightSpan]:
    """The nights that the booking is about: in the same hotel, or in its town where no hotel is said, on common
    nights. Nights in another hotel are another bed: they stay, and are found."""
    days = days_in(read)
    if days is None:
        return []
    return [
        span
        for span in spans
        if span.overlaps(*days)
        and (
            span.place.hotel_id == hotel_id
            if span.place.hotel_id
            else not span.place.city or bare(span.place.city) == bare(read.city)
        )
    ]


def kind_of(read: ReadStay, hotel_id: UUID | None, spans: Sequence[NightSpan], *, is_cancelled: bool) -> ProposalKind:
    """What taking the booking over would do."""
    days = days_in(read)
    there = replaced_by(read, hotel_id, spans)
    in_hotel = [span for span in there if hotel_id and span.place.hotel_id == hotel_id]
    if is_cancelled:
        return ProposalKind.cancelled if in_hotel else ProposalKind.same
    if days is None or not read.name:
        return ProposalKind.unclear
    if len(there) == 1 and in_hotel and (there[0].check_in, there[0].check_out) == days:
        return ProposalKind.same
    return ProposalKind.changed if there else ProposalKind.new
