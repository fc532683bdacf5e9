"""Who is concerned when a leg moves: whoever's own result differs between the state before and the state after.

Both states are computed in full for the event; nobody is told whose results are equal. A change taken back before it is
sent is no difference, and tells nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from core.errors import N_
from visits.checks.connections import connection_findings
from visits.checks.nights import nights_away
from visits.checks.rules import FindingCode
from visits.checks.sessions import session_findings
from visits.checks.ways import person_ways
from visits.places.rules import Place
from visits.transfers.rules import STEP_MINUTES, Arrival, is_out, pick_up_after, pick_up_before
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import AttendedSession, BedNights, LocalTime, TravelLeg, Traveller


class TravelConcern(StrEnum):
    """Why somebody is told."""

    leg = "leg"
    transfer = "transfer"
    connection = "connection"
    stay = "stay"
    late_arrival = "late_arrival"
    session = "session"
    per_diem = "per_diem"
    night = "night"


CONCERNS = {
    TravelConcern.leg: N_("a leg of theirs"),
    TravelConcern.transfer: N_("their transfer"),
    TravelConcern.connection: N_("a connection"),
    TravelConcern.stay: N_("their nights"),
    TravelConcern.late_arrival: N_("late at the hotel"),
    TravelConcern.session: N_("a session"),
    TravelConcern.per_diem: N_("their per diem"),
    TravelConcern.night: N_("a night without a bed"),
}


class Told(StrEnum):
    """Others than travellers."""

    driver = "driver"
    hotel = "hotel"
    host = "host"
    finance = "finance"
    organiser = "organiser"


OTHERS = {
    Told.driver: N_("the driver"),
    Told.hotel: N_("the hotel"),
    Told.host: N_("the host"),
    Told.finance: N_("finance"),
    Told.organiser: N_("the organiser"),
}


@dataclass(frozen=True)
class PlannedTransfer:
    """A vehicle and its passengers. It fetches from arrivals (`is_before` False) or takes to departures.

    `fixed` is a pick-up that somebody set by hand: it moves by nobody's leg.
    """

    name: str
    passengers: frozenset[str]
    legs: frozenset[str]
    is_before: bool = False
    drive: int = 0
    fixed: LocalTime | None = None


@dataclass(frozen=True)
class PickUpMisfit:
    """How far a pick-up set by hand is from what the legs of its passengers ask: it leaves before somebody can be in
    it, or is too late for a departure, or with `is_wait` lets them wait longer than anybody should."""

    minutes: int
    is_wait: bool = False


@dataclass(frozen=True)
class VisitState:
    """Of one visit: people by name or id, all legs by key, who is on them, sleeps where, attends what. `home` is the
    town of whoever has none in `homes`."""

    legs: Mapping[str, TravelLeg]
    on_leg: Mapping[str, frozenset[str]]
    transfers: Sequence[PlannedTransfer] = ()
    stays: Mapping[str, tuple[BedNights, ...]] = field(default_factory=dict)
    sessions: Mapping[str, tuple[AttendedSession, ...]] = field(default_factory=dict)
    home: Place | None = None
    last_day: date | None = None
    homes: Mapping[str, Place | None] = field(default_factory=dict)
    starts: Mapping[str, Place | None] = field(default_factory=dict)
    first_day: date | None = None
    event: Place | None = None

    def of(self, person: str) -> Traveller:
        legs = tuple(leg for key, leg in self.legs.items() if person in self.on_leg.get(key, ()))
        stays, sessions = self.stays.get(person, ()), self.sessions.get(person, ())
        home, starts = self.homes.get(person) or self.home, self.starts.get(person)
        return Traveller(legs, stays, sessions, home, self.first_day, self.last_day, event=self.event, starts=starts)

    @property
    def people(self) -> list[str]:
        """In the order in which legs, then transfers, then stays name them."""
        named = [person for people in self.on_leg.values() for person in sorted(people)]
        named += [person for transfer in self.transfers for person in sorted(transfer.passengers)]
        return list(dict.fromkeys([*named, *self.stays, *self.sessions]))


@dataclass(frozen=True)
class ChangeEffects:
    """`concerned` says of each person why; `told` of drivers (by transfer), hotel, host, finance the same."""

    concerned: Mapping[str, frozenset[TravelConcern]]
    told: Mapping[tuple[Told, str], frozenset[str]]
    pick_ups: Mapping[str, tuple[LocalTime | None, LocalTime | None]]
    # By vehicle, where a pick-up set by hand does not fit any more.
    misfits: Mapping[str, PickUpMisfit]
    missed: Mapping[str, tuple[str, ...]]
    unslept: Mapping[str, tuple[date, ...]]
    nights_more: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        return not self.concerned and not self.told


def moved(before: VisitState, key: str, leg: TravelLeg | None) -> VisitState:
    """The state with that leg as it is now; None: it is cancelled, its passengers are on none."""
    if leg is None:
        return replace(before, legs={one: old for one, old in before.legs.items() if one != key})
    return replace(before, legs={**before.legs, key: leg})


def pick_up(transfer: PlannedTransfer, state: VisitState, settings: TravelSettings = DEFAULTS) -> LocalTime | None:
    """When the vehicle leaves by the legs of its passengers. Who moved to another day is no longer waited for."""
    return transfer.fixed or _by_its_legs(transfer, state, settings)


def _served(transfer: PlannedTransfer, state: VisitState) -> list[TravelLeg]:
    legs = [state.legs[key] for key in transfer.legs if key in state.legs]
    return [leg for leg in legs if transfer.passengers & state.on_leg.get(leg.key, frozenset())]


def _arrivals(legs: Sequence[TravelLeg]) -> list[Arrival]:
    return [Arrival(leg.key, leg.arrives, bool(leg.crosses_border), leg.mode) for leg in legs if leg.arrives]


def _by_its_legs(transfer: PlannedTransfer, state: VisitState, settings: TravelSettings) -> LocalTime | None:
    legs = _served(transfer, state)
    if transfer.is_before:
        people = len(transfer.passengers)
        times = [pick_up_before(leg, drive=transfer.drive, people=people, settings=settings) for leg in legs]
        return min((time for time in times if time), key=lambda time: time.earliest, default=None)
    return pick_up_after(_arrivals(legs), settings)


def pick_up_misfit(
    transfer: PlannedTransfer, state: VisitState, settings: TravelSettings = DEFAULTS
) -> PickUpMisfit | None:
    """Whether a pick-up that was set by hand fits the legs of the passengers; None where it does, or follows them.

    Before a departure less than the step to which times are rounded is nothing."""
    fixed = transfer.fixed.instant if transfer.fixed else None
    if fixed is None:
        return None
    if transfer.is_before:
        needed = _by_its_legs(transfer, state, settings)
        spare = [round((needed.instant - fixed).total_seconds() / 60)] if needed and needed.instant else []
        spare = [minutes for minutes in spare if abs(minutes) >= STEP_MINUTES]
    else:
        outs = [out for one in _arrivals(_served(transfer, state)) if (out := is_out(one, settings))]
        spare = [round((fixed - out).total_seconds() / 60) for out in outs]
    if not spare:
        return None
    if min(spare) < 0:
        return PickUpMisfit(-min(spare))
    return PickUpMisfit(max(spare), is_wait=True) if max(spare) > settings.longest_wait else None


def effects(before: VisitState, after: VisitState, settings: TravelSettings = DEFAULTS) -> ChangeEffects:
    """The difference of two states, for each person and for those who drive, lodge, host and pay."""
    concerned: dict[str, set[TravelConcern]] = {}
    told: dict[tuple[Told, str], set[str]] = {}
    _by_legs(before, after, concerned)
    pick_ups = _by_transfers(before, after, concerned, told, settings)
    misfits = _by_hand(before, after, concerned, told, settings)
    missed: dict[str, tuple[str, ...]] = {}
    unslept: dict[str, tuple[date, ...]] = {}
    more: dict[str, int] = {}
    for person in dict.fromkeys([*before.people, *after.people]):
        old, new = before.of(person), after.of(person)
        _note(concerned, person, TravelConcern.connection, _connections(old, settings) != _connections(new, settings))
        _note(concerned, person, TravelConcern.stay, old.stays != new.stays)
        _note(concerned, person, TravelConcern.late_arrival, _is_late(new, settings) and not _is_late(old, settings))
        lost = sorted(_missed(new, settings) - _missed(old, settings))
        won = _missed(old, settings) - _missed(new, settings)
        _note(concerned, person, TravelConcern.session, bool(lost or won))
        if lost:
            missed[person] = tuple(lost)
        was, now = _nights(old), _nights(new)
        bare = _unslept(new) - _unslept(old)
        if bare:
            unslept[person] = tuple(sorted(bare))
        if len(was) != len(now):
            more[person] = len(now) - len(was)
            _note(concerned, person, TravelConcern.per_diem, True)
        _note(concerned, person, TravelConcern.night, bool(bare))
        _tell_others(concerned.get(person, set()), person, told)
    return ChangeEffects(
        {person: frozenset(why) for person, why in concerned.items()},
        {who: frozenset(people) for who, people in told.items()},
        pick_ups,
        misfits,
        missed,
        unslept,
        more,
    )


def _note(concerned: dict[str, set[TravelConcern]], person: str, why: TravelConcern, differs: bool) -> None:
    if differs:
        concerned.setdefault(person, set()).add(why)


def _by_legs(before: VisitState, after: VisitState, concerned: dict[str, set[TravelConcern]]) -> None:
    """Whoever is on a leg whose time, place, number or existence differs, or got on or off it."""
    for key in dict.fromkeys([*before.legs, *after.legs]):
        was, now = before.on_leg.get(key, frozenset()), after.on_leg.get(key, frozenset())
        people = was | now if before.legs.get(key) != after.legs.get(key) else was ^ now
        for person in sorted(people):
            _note(concerned, person, TravelConcern.leg, True)


def _by_transfers(
    before: VisitState,
    after: VisitState,
    concerned: dict[str, set[TravelConcern]],
    told: dict[tuple[Told, str], set[str]],
    settings: TravelSettings,
) -> dict[str, tuple[LocalTime | None, LocalTime | None]]:
    """Those in a vehicle whose pick-up differs, and its driver. Whoever's leg left without them is the driver's."""
    found: dict[str, tuple[LocalTime | None, LocalTime | None]] = {}
    old = {transfer.name: transfer for transfer in before.transfers}
    for transfer in after.transfers:
        former = old.get(transfer.name, transfer)
        was, now = pick_up(former, before, settings), pick_up(_still_riding(transfer, before, after), after, settings)
        gone = transfer.passengers - _still_riding(transfer, before, after).passengers
        changed = transfer.passengers ^ former.passengers
        if was != now and now is not None:
            found[transfer.name] = (was, now)
            for person in sorted(transfer.passengers - gone):
                _note(concerned, person, TravelConcern.transfer, True)
        for person in sorted(changed | gone):
            _note(concerned, person, TravelConcern.transfer, True)
        if transfer.name in found or changed or gone:
            told.setdefault((Told.driver, transfer.name), set()).update(changed | gone)
    return found


def _by_hand(
    before: VisitState,
    after: VisitState,
    concerned: dict[str, set[TravelConcern]],
    told: dict[tuple[Told, str], set[str]],
    settings: TravelSettings,
) -> dict[str, PickUpMisfit]:
    """Vehicles whose pick-up was set by hand and does not fit what their legs become: the time stays until somebody
    sets another. Their driver has to know, and who rides because of a leg that moves; for the others it still holds."""
    found: dict[str, PickUpMisfit] = {}
    old = {transfer.name: transfer for transfer in before.transfers}
    for transfer in after.transfers:
        now = pick_up_misfit(_still_riding(transfer, before, after), after, settings)
        if now is None or now == pick_up_misfit(old.get(transfer.name, transfer), before, settings):
            continue
        found[transfer.name] = now
        moved_legs = [key for key in transfer.legs if before.legs.get(key) != after.legs.get(key)]
        riders = {person for key in moved_legs for person in after.on_leg.get(key, frozenset()) & transfer.passengers}
        for person in sorted(riders):
            _note(concerned, person, TravelConcern.transfer, True)
        told.setdefault((Told.driver, transfer.name), set()).update(riders)
    return found


def _still_riding(transfer: PlannedTransfer, before: VisitState, after: VisitState) -> PlannedTransfer:
    """Without those whose leg is now on another day, or gone: the others do not wait a night for them."""

    def day(state: VisitState, key: str) -> date | None:
        leg = state.legs.get(key)
        moment = leg and (leg.departs if transfer.is_before else leg.arrives)
        return moment.day if moment else None

    gone = {key for key in transfer.legs if day(before, key) is not None and day(before, key) != day(after, key)}
    people = {person for key in gone for person in after.on_leg.get(key, frozenset())}
    return replace(transfer, passengers=transfer.passengers - people, legs=transfer.legs - gone)


def _connections(person: Traveller, settings: TravelSettings) -> frozenset[tuple[FindingCode, tuple[str, ...]]]:
    found = connection_findings(person.legs, person.stays, person.transfers, settings)
    return frozenset((one.code, one.keys) for one in found)


def _missed(person: Traveller, settings: TravelSettings) -> frozenset[str]:
    found = session_findings(person.legs, person.sessions, settings=settings, ways=person_ways(person))
    return frozenset(str(one.numbers["session"]) for one in found)


def _nights(person: Traveller) -> list[date]:
    return nights_away(person.legs, person.stays, person.home, person.last_day, person.starts)


def _unslept(person: Traveller) -> set[date]:
    return {night for night in _nights(person) if not any(stay.holds(night) for stay in person.stays)}


def _is_late(person: Traveller, settings: TravelSettings) -> bool:
    """Whether somebody comes to the hotel of that night late in the evening."""
    arrivals = [leg.arrives for leg in person.legs if leg.arrives and leg.arrives.clock]
    first_nights = {stay.check_in for stay in person.stays}
    return any(
        arrival.day in first_nights and arrival.clock is not None and arrival.clock.hour >= settings.late_arrival_hour
        for arrival in arrivals
    )


def _tell_others(why: set[TravelConcern], person: str, told: dict[tuple[Told, str], set[str]]) -> None:
    others = {
        Told.hotel: {TravelConcern.stay, TravelConcern.late_arrival, TravelConcern.night},
        Told.host: {TravelConcern.session},
        Told.finance: {TravelConcern.per_diem},
        Told.organiser: {TravelConcern.connection, TravelConcern.night},
    }
    for who, reasons in others.items():
        if why & reasons:
            told.setdefault((who, ""), set()).add(person)
