"""One person's way through a visit as items in order, what is on now and next, and where somebody is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from core.errors import N_
from visits.travel_types import LocalTime

# How long after a visit its itinerary stays on a telephone.
KEPT_ON_DEVICE = timedelta(days=3)


class ItineraryKind(StrEnum):
    """What an item of an itinerary is."""

    check_out = "check-out"
    leg = "leg"
    transfer = "transfer"
    session = "session"
    night = "night"


ITINERARY_KINDS = {
    ItineraryKind.check_out: N_("Leaving the hotel"),
    ItineraryKind.leg: N_("Journey"),
    ItineraryKind.transfer: N_("Transfer"),
    ItineraryKind.session: N_("Session"),
    ItineraryKind.night: N_("Night"),
}
# Of one day: who leaves a hotel does so first, where one sleeps comes last.
_ORDER = {ItineraryKind.check_out: 0, ItineraryKind.night: 2}


@dataclass(frozen=True)
class ItineraryItem:
    """One thing of somebody's day. Times are by the clock of their place; unknown is None, never midnight.

    `minutes` is how long a leg takes, where both its times are known. `notes` are labels, to be translated, with what
    they say. `key` tells items apart and is the same for all who share one. `leads_home` is of a leg that ends at home.
    """

    kind: ItineraryKind
    key: str
    title: str
    starts: LocalTime
    ends: LocalTime | None = None
    place: str = ""
    minutes: int | None = None
    notes: tuple[tuple[str, str], ...] = ()
    leads_home: bool = False

    @property
    def is_at(self) -> tuple[date, int, datetime]:
        return self.starts.day, _ORDER.get(self.kind, 1), self.starts.earliest

    def holds(self, *, at: datetime) -> bool:
        """Whether it is on at an instant, as far as its times are known."""
        starts, ends = self.starts.instant, self.ends.instant if self.ends else None
        return starts is not None and ends is not None and starts <= at < ends


@dataclass(frozen=True)
class ItineraryDay:
    """What one day brings, in order."""

    day: date
    items: Sequence[ItineraryItem]


def by_day(items: Sequence[ItineraryItem]) -> list[ItineraryDay]:
    """Items in order, each on the day on which it begins at its place."""
    ordered = sorted(items, key=lambda item: item.is_at)
    return [ItineraryDay(day, list(found)) for day, found in groupby(ordered, lambda item: item.starts.day)]


class TravellerPresence(StrEnum):
    """Where somebody is, as far as the plan says."""

    not_left = "not left"
    under_way = "under way"
    in_transfer = "in transfer"
    in_session = "in session"
    there = "there"
    back = "back"
    unknown = "unknown"


TRAVELLER_PRESENCES = {
    TravellerPresence.not_left: N_("Not left yet"),
    TravellerPresence.under_way: N_("Under way"),
    TravellerPresence.in_transfer: N_("In a transfer"),
    TravellerPresence.in_session: N_("In a session"),
    TravellerPresence.there: N_("There"),
    TravellerPresence.back: N_("Back home"),
    TravellerPresence.unknown: N_("Not known"),
}


@dataclass(frozen=True)
class Whereabout:
    """Where one person is, the item that says so, and what comes next."""

    presence: TravellerPresence
    item: ItineraryItem | None
    next: ItineraryItem | None

    @property
    def until(self) -> LocalTime | None:
        """When what they are in ends; None for who has arrived, where it ended before."""
        has_arrived = self.presence in (TravellerPresence.there, TravellerPresence.back)
        return self.item.ends if self.item and not has_arrived else None


def where(items: Sequence[ItineraryItem], *, at: datetime) -> Whereabout:
    """By the plan at an instant: nobody is followed. Who has no leg with a time is not known but for sessions."""
    ordered = sorted(items, key=lambda item: item.is_at)
    timed = [item for item in ordered if item.starts.instant]
    coming = next((item for item in timed if item.starts.instant and item.starts.instant > at), None)
    on = {item.kind: item for item in reversed(timed) if item.holds(at=at)}
    for kind, presence in (
        (ItineraryKind.leg, TravellerPresence.under_way),
        (ItineraryKind.transfer, TravellerPresence.in_transfer),
        (ItineraryKind.session, TravellerPresence.in_session),
    ):
        if kind in on:
            return Whereabout(presence, on[kind], coming)
    legs = [item for item in timed if item.kind is ItineraryKind.leg]
    if not legs:
        return Whereabout(TravellerPresence.unknown, None, coming)
    last = next((leg for leg in reversed(legs) if leg.ends and (leg.ends.instant or at) <= at), None)
    if last is None:
        has_left = at >= legs[0].starts.earliest
        return Whereabout(TravellerPresence.unknown if has_left else TravellerPresence.not_left, None, coming)
    return Whereabout(TravellerPresence.back if last.leads_home else TravellerPresence.there, last, coming)
