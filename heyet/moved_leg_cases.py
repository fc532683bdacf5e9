"""Worked examples of a leg that moves, written in words: taken apart here, decided by visits/changes/rules.py."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from visits.changes.rules import ChangeEffects, PlannedTransfer, Told, TravelConcern, VisitState, effects, moved
from visits.checks.rules import FindingCode
from visits.checks.sessions import clock_text
from visits.places.lookup import any_place
from visits.places.rules import Place
from visits.travel_types import AttendedSession, BedNights, LocalTime, TravelLeg

Given = Mapping[str, Any]
_LEG = re.compile(
    r"(?P<number>\w+ ?\d+\w?) (?P<origin>[A-Z]{3})[-–](?P<destination>[A-Z]{3}) (?P<day>\d+ \w+),? ?"
    r"(?P<verb>arrives|departs)? ?(?P<old>\d\d:\d\d) (?:->|→) (?:(?P<new_day>\d+ \w+),? )?(?P<new>\d\d:\d\d)"
)
_OTHER = re.compile(r"after (?P<number>\w+ ?\d+\w?), (?P<time>\d\d:\d\d)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# Where an example names none.
YEAR, DELEGATION = 2026, 12


@dataclass(frozen=True)
class _Move:
    before: TravelLeg
    after: TravelLeg
    is_arrival: bool


def moved_leg(given: Given) -> dict[str, Any]:
    """Raises ValueError where the words are not understood."""
    move = _move(given)
    before = _state(given, move)
    after = moved(before, move.before.key, move.after)
    found = effects(before, after)
    answer = _told(given, before, found) | _nights(given, found)
    new = found.pick_ups.get(_transfer(given).get("name", ""), (None, None))[1]
    if new:
        answer["transfer_new_pick_up"] = clock_text(new)
    answer["sessions_missed"] = sorted({name for names in found.missed.values() for name in names})
    answer["stays_changed"] = [] if not found.unslept else sorted(found.unslept)
    return answer


def _transfer(given: Given) -> Given:
    found: Given = given.get("transfer", {})
    return found


def _move(given: Given) -> _Move:
    said = _LEG.search(given["leg"])
    if said is None:
        raise ValueError(f"not understood: {given['leg']}")
    year = _year(given)
    origin, destination = any_place(said["origin"]), any_place(said["destination"])
    day, new_day = _day(said["day"], year), _day(said["new_day"] or said["day"], year)
    is_arrival = said["verb"] == "arrives"
    zone = (destination if is_arrival else origin).zone
    old, new = (LocalTime(one, zone, time.fromisoformat(said[name])) for one, name in ((day, "old"), (new_day, "new")))
    carrier, _, number = said["number"].partition(" ")
    leg = TravelLeg(origin, destination, carrier=carrier, number=number, key=said["number"])
    if is_arrival:
        return _Move(replace(leg, arrives=old), replace(leg, arrives=new), True)
    return _Move(replace(leg, departs=old), replace(leg, departs=new), False)


def _day(text: str, year: int) -> date:
    number, month = text.split()
    return date(year, _MONTHS.index(month[:3]) + 1, int(number))


def _year(given: Given) -> int:
    found = re.search(r"(20\d\d)-\d\d-\d\d", str(given))
    return int(found[1]) if found else YEAR


def _state(given: Given, move: _Move) -> VisitState:
    legs, on_leg = {move.before.key: move.before}, {move.before.key: frozenset(given["on_it"])}
    transfer = _transfer(given)
    others = frozenset(transfer.get("passengers", ())) - frozenset(given["on_it"])
    other = _OTHER.search(transfer.get("pick_up", ""))
    if other and move.before.arrives:
        arrives = replace(move.before.arrives, clock=time.fromisoformat(other["time"]))
        legs[other["number"]] = replace(move.before, key=other["number"], number="", arrives=arrives)
        on_leg[other["number"]] = others
    if not move.is_arrival and move.before.departs:
        # They came the day before their first bed, or some days before: what counts is that they are there.
        came = _came(given, move.before.departs)
        there = replace(move.before, key="way there", origin=move.before.destination, destination=move.before.origin)
        legs[there.key] = replace(there, departs=None, arrives=came, number="")
        on_leg[there.key] = frozenset(given["on_it"])
    people = [*given["on_it"], *sorted(others)]
    vehicle = PlannedTransfer(
        transfer.get("name", ""),
        frozenset(transfer.get("passengers", ())),
        frozenset(key for key in legs if key != "way there"),
        is_before=not move.is_arrival,
        drive=transfer.get("drive_min", 0),
    )
    return VisitState(
        legs,
        on_leg,
        [vehicle] if transfer else [],
        _stays(given, move),
        _sessions(given, move, people),
        _home(move),
    )


def _home(move: _Move) -> Place:
    return move.before.origin if move.is_arrival else move.before.destination


def _came(given: Given, departs: LocalTime) -> LocalTime:
    firsts = [stay.check_in for stays in _stays_said(given, departs).values() for stay in stays]
    return LocalTime(min(firsts, default=departs.day - timedelta(days=1)), departs.zone, time(12))


def _stays(given: Given, move: _Move) -> dict[str, tuple[BedNights, ...]]:
    moment = move.before.arrives or move.before.departs
    return _stays_said(given, moment) if moment else {}


def _stays_said(given: Given, moment: LocalTime) -> dict[str, tuple[BedNights, ...]]:
    """Nights by their day of the month, or check-in and check-out; one that names no check-in began the night before
    its check-out."""
    found: dict[str, tuple[BedNights, ...]] = {}
    for stay in given.get("stays", ()):
        if "nights" in stay:
            days = [moment.day.replace(day=int(night)) for night in stay["nights"]]
            nights = BedNights(min(days), max(days) + timedelta(days=1), stay.get("hotel", ""))
        else:
            out = date.fromisoformat(stay["check_out"])
            check_in = date.fromisoformat(stay["check_in"]) if "check_in" in stay else out - timedelta(days=1)
            nights = BedNights(check_in, out, stay.get("hotel", ""))
        for person in stay.get("persons", [stay.get("person")]):
            found[person] = (*found.get(person, ()), nights)
    return found


def _sessions(given: Given, move: _Move, people: Iterable[str]) -> dict[str, tuple[AttendedSession, ...]]:
    moment = move.before.arrives or move.before.departs
    found: dict[str, tuple[AttendedSession, ...]] = {}
    for said in given.get("sessions", ()):
        if moment is None or not (said.get("starts") or said.get("ends")):
            continue
        zone = (move.before.destination if move.is_arrival else move.before.origin).zone
        day = date.fromisoformat(said["day"]) if "day" in said else moment.day
        times = [
            LocalTime(day, zone, time.fromisoformat(said[name])) if said.get(name) else None
            for name in ("starts", "ends")
        ]
        starts = times[0] or times[1]
        for person in people if said.get("attend", "all") == "all" else said["attend"]:
            if starts:
                found[person] = (*found.get(person, ()), AttendedSession(starts, times[1], said.get("name", "")))
    return found


def _told(given: Given, state: VisitState, found: ChangeEffects) -> dict[str, Any]:
    order = [*given["on_it"], *_transfer(given).get("passengers", ())]
    people = [person for person in dict.fromkeys([*order, *state.people]) if person in found.concerned]
    hotel = [who.value for who, _ in found.told if who is Told.hotel][:1]
    host = [who.value for who, _ in found.told if who is Told.host][:1]
    drivers = [f"driver of {name}" for who, name in found.told if who is Told.driver]
    why = {
        person: "the transfer waits, the own flight does not change"
        for person in people
        if found.concerned[person] == {TravelConcern.transfer}
    }
    rest = [person for person in _transfer(given).get("passengers", ()) if person not in people]
    untold = [f"{person}, if {_transfer(given)['name']} keeps its pick-up time" for person in rest]
    others = given.get("delegation", DELEGATION) - len(set(order))
    if others > 0:
        untold.append(f"the other {_NUMBERS[others] if others < len(_NUMBERS) else others} of the delegation")
    untold += [f"the {name}" for name, said in (("hotel", hotel), ("host", host)) if not said]
    return {"tell": [*people, *hotel, *host, *drivers], "tell_why": why, "not_told": untold}


def _nights(given: Given, found: ChangeEffects) -> dict[str, Any]:
    by_nights: dict[tuple[date, ...], list[str]] = {}
    for person, nights in found.unslept.items():
        by_nights.setdefault(nights, []).append(person)
    findings = [
        f"{FindingCode.night_without_bed.value} {night} for {', '.join(people)}"
        for nights, people in by_nights.items()
        for night in nights
    ]
    answer: dict[str, Any] = {"findings": findings, "offer": _offers(given, found), "per_diem_changed": []}
    if found.nights_more:
        more = set(found.nights_more.values())
        answer["per_diem_changed"] = list(found.nights_more)
        answer["per_diem"] = {
            "system": given.get("system", "eu_external"),
            "nights_more": more.pop() if len(more) == 1 else dict(found.nights_more),
            "persons": list(found.nights_more),
        }
        answer["locked"] = {
            "if_sheet": "approved",
            "then": "the change is kept, the sheet gets a new version with a difference; nothing approved is rewritten",
        }
    return answer


def _offers(given: Given, found: ChangeEffects) -> Sequence[str]:
    offers = []
    people = [person for person in given["on_it"] if person in found.unslept]
    every = {1: f"the stay of {''.join(people)}", 2: "both stays"}.get(len(people), f"all {len(people)} stays")
    if people:
        nights = max(len(nights) for nights in found.unslept.values())
        said = f"{_NUMBERS[nights]} night{'s' if nights > 1 else ''}" if nights < len(_NUMBERS) else f"{nights} nights"
        offers.append(f"extend {every} by {said} (block of the hotel is checked)")
    left = {who[1]: gone for who, gone in found.told.items() if who[0] is Told.driver and gone}
    for name, gone in left.items():
        words = _LEG.search(given["leg"])
        day = int((words["new_day"] or words["day"]).split()[0]) if words else 0
        names = {1: "".join(gone), 2: "both"}.get(len(gone), f"all {len(gone)}")
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
        offers.append(f"take {names} off {name}, new transfer on the {day}{ending}")
    return offers
