"""Whether somebody is there when a session begins, and need not leave before it ends; what lies outside the visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from visits.checks.connections import in_order
from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.checks.ways import Ways, ways_of
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
    ways: Ways | None = None,
) -> list[TravelFinding]:
    """Of the sessions that a person attends, between the last leg of the way there and the first of the way home."""
    if not sessions:
        return []
    found = []
    ways = ways or ways_of(legs, home)
    for there in ways.there[-1:]:
        late = late_for(there, sessions, drive=drive, settings=settings)
        if late.session and late.ready:
            found.append(_late(there, late))
    for back in [leg for leg in ways.home if leg.departs and leg.departs.instant][:1]:
        early = leaves_early(back, sessions, drive=drive, people=people, settings=settings)
        if early.session and early.must_leave:
            found.append(_early(back, early))
    return found


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
    ways: Ways | None = None,
) -> list[TravelFinding]:
    """Whether legs lead there and home, and none is far from the visit's days. Without legs both are missing."""
    ordered = in_order(legs)
    ways = ways or ways_of(legs, home, first_day, last_day)
    found = []
    if not ways.there:
        found.append(_no_leg_there(ways))
    if not ways.home:
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


def _no_leg_there(ways: Ways) -> TravelFinding:
    """With where to, if the way home says it."""
    if not ways.home:
        return finding(FindingCode.no_leg_there)
    origin = ways.home[0].origin
    return finding(FindingCode.no_leg_there, to=origin.town or place_label(origin))
