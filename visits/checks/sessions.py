"""Whether somebody is there when a session begins, and need not leave before it ends; what lies outside the visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from visits.checks.connections import in_order
from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.places.lookup import is_near
from visits.places.rules import Place
from visits.transfers.rules import exit_minutes, pick_up_before
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import AttendedSession, LocalTime, TravelLeg, minutes_between, place_label


@dataclass(frozen=True)
class LateCheck:
    """`ready` is when the person can sit in a session; minutes late for the first one missed, else 0."""

    ready: LocalTime | None
    late: int = 0
    session: AttendedSession | None = None


@dataclass(frozen=True)
class EarlyCheck:
    must_leave: LocalTime | None
    early: int = 0
    session: AttendedSession | None = None


def late_for(
    leg: TravelLeg,
    sessions: Sequence[AttendedSession],
    *,
    drive: int = 0,
    settle: int | None = None,
    settings: TravelSettings = DEFAULTS,
) -> LateCheck:
    """By an arrival. Sessions that were over before it are not its fault if another leg came in before: they are given
    only to the leg that leads to them."""
    if leg.arrives is None or leg.arrives.instant is None:
        return LateCheck(None)
    settle = settings.settle if settle is None else settle
    ready = leg.arrives.plus(exit_minutes(leg.mode, bool(leg.crosses_border), settings) + drive + settle)
    for session in sorted(sessions, key=lambda one: one.starts.earliest):
        late = minutes_between(session.starts, ready)
        if late is not None and late > 0:
            return LateCheck(ready, late, session)
    return LateCheck(ready)


def leaves_early(
    leg: TravelLeg,
    sessions: Sequence[AttendedSession],
    *,
    drive: int = 0,
    people: int = 1,
    settings: TravelSettings = DEFAULTS,
) -> EarlyCheck:
    """By a departure: how long before the last end of a session one has to go."""
    must_leave = pick_up_before(leg, drive=drive, people=people, settings=settings)
    found = EarlyCheck(must_leave)
    for session in sessions:
        early = minutes_between(must_leave, session.ends)
        if early is not None and early > found.early:
            found = EarlyCheck(must_leave, early, session)
    return found


def session_findings(
    legs: Sequence[TravelLeg],
    sessions: Sequence[AttendedSession],
    *,
    home: Place | None = None,
    drive: int = 0,
    people: int = 1,
    settings: TravelSettings = DEFAULTS,
) -> list[TravelFinding]:
    """Of the sessions that a person attends, between the way there and the way home.

    The last leg before the sessions that leads to where they are is the way there: it is the last that leaves before
    the last session begins. The first that leaves after it is the way home.
    """
    ordered = [leg for leg in in_order(legs) if leg.departs or leg.arrives]
    if not sessions or not ordered:
        return []
    found = []
    there = _way_there(ordered, home)
    if there:
        late = late_for(there, sessions, drive=drive, settings=settings)
        if late.session and late.ready:
            found.append(_late(there, late))
    back = _way_home(ordered, there)
    if back:
        early = leaves_early(back, sessions, drive=drive, people=people, settings=settings)
        if early.session and early.must_leave:
            found.append(_early(back, early))
    return found


def _way_there(ordered: Sequence[TravelLeg], home: Place | None) -> TravelLeg | None:
    """The leg that ends the way there: after it the longest time on the ground, where it does not lead home."""
    ways = [leg for leg in ordered if leg.arrives and leg.arrives.instant and not _leads_to(leg, home)]

    def stays(leg: TravelLeg) -> int:
        after = next(
            (one for one in ordered if one.departs and (minutes_between(leg.arrives, one.departs) or 0) > 0), None
        )
        return 10**9 if after is None else minutes_between(leg.arrives, after.departs) or 0

    return max(ways, key=stays, default=None)


def _way_home(ordered: Sequence[TravelLeg], there: TravelLeg | None) -> TravelLeg | None:
    after = ordered[ordered.index(there) + 1 :] if there else ordered
    return next((leg for leg in after if leg.departs and leg.departs.instant), None)


def _leads_to(leg: TravelLeg, home: Place | None) -> bool:
    return home is not None and is_near(leg.destination, home)


def _late(leg: TravelLeg, late: LateCheck) -> TravelFinding:
    name, key = (late.session.name, late.session.key) if late.session else ("", "")
    numbers = {"leg": leg.label, "ready": clock_text(late.ready), "minutes": late.late, "session": name}
    return finding(FindingCode.late_for_session, leg.key, key, numbers=numbers)


def _early(leg: TravelLeg, early: EarlyCheck) -> TravelFinding:
    name, key = (early.session.name, early.session.key) if early.session else ("", "")
    numbers = {"leg": leg.label, "leaves": clock_text(early.must_leave), "minutes": early.early, "session": name}
    return finding(FindingCode.leaves_before_end, leg.key, key, numbers=numbers)


def clock_text(moment: LocalTime | None) -> str:
    """The time by the clock of the place, empty where unknown."""
    return f"{moment.clock:%H:%M}" if moment and moment.clock else ""


def day_findings(
    legs: Sequence[TravelLeg],
    first_day: date | None,
    last_day: date | None,
    home: Place | None = None,
    settings: TravelSettings = DEFAULTS,
) -> list[TravelFinding]:
    """Whether legs lead there and home, and none is far from the visit's days. Without legs both are missing."""
    ordered = in_order(legs)
    found = []
    if not ordered or (home is not None and all(_leads_to(leg, home) for leg in ordered)):
        found.append(finding(FindingCode.no_leg_there))
    if not ordered or not _comes_home(ordered, home):
        found.append(finding(FindingCode.no_leg_home, *(leg.key for leg in ordered[-1:])))
    if first_day is None or last_day is None:
        return found
    first, last = first_day - timedelta(settings.outside_days), last_day + timedelta(settings.outside_days)
    for leg in ordered:
        days = [moment.day for moment in (leg.departs, leg.arrives) if moment]
        outside = next((day for day in days if not first <= day <= last), None)
        if outside:
            away = (first_day - outside).days if outside < first_day else (outside - last_day).days
            found.append(finding(FindingCode.outside_days, leg.key, leg=leg.label, day=outside.isoformat(), days=away))
    return found


def _comes_home(ordered: Sequence[TravelLeg], home: Place | None) -> bool:
    """At the town of home; where none is known, where the first leg began."""
    last = ordered[-1].destination
    end = home or ordered[0].origin
    return len(ordered) > (0 if home else 1) and place_label(end) != "?" and is_near(last, end)
