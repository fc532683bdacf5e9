"""Worked examples of the travel rules, put to the rules themselves."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any

from core.clock import wall_clock
from heyet.moved_leg_cases import moved_leg
from visits.checks.connections import connection, in_order, judge
from visits.checks.durations import check_duration
from visits.checks.nights import Whereabouts, double_nights, night_findings, whereabouts
from visits.checks.rules import FindingCode
from visits.checks.sessions import clock_text, late_for, leaves_early
from visits.costs.rules import measure, near_edge, unit_cost
from visits.passports.mrz import name_in, read_second
from visits.passports.names import GIVEN_NAME_MISSING, NameMatch, PersonName, compare
from visits.passports.rules import check_passport
from visits.places.lookup import any_place, is_near
from visits.places.rules import Place, distance_km, half_up
from visits.places.towns import town_named
from visits.transfers.rules import Arrival, pick_up_before, vehicles_for
from visits.travel_settings import DEFAULTS
from visits.travel_types import (
    AttendedSession,
    BedNights,
    LocalTime,
    TravelLeg,
    TravelMode,
    local_time_from,
)

Given = Mapping[str, Any]
_HOURS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def answer(case: Given) -> dict[str, Any]:
    """Raises KeyError for a rule that is none, ValueError where something given is no date, time or number."""
    return RULES[case["rule"]](case["given"])


def leg_from(said: Given, key: str = "") -> TravelLeg:
    """A leg as examples write it: any of its fields may be missing."""
    carrier, _, number = str(said.get("number", "")).partition(" ")
    return TravelLeg(
        origin=_place(said.get("from", "")),
        destination=_place(said.get("to", "")),
        departs=_moment(said.get("departs")),
        arrives=_moment(said.get("arrives")),
        boards=_moment(said.get("boards")),
        mode=TravelMode(said.get("mode", "flight")),
        carrier=carrier,
        number=number,
        key=key,
        booking=str(said.get("booking", said.get("reference", ""))),
        border=said.get("crosses_border"),
    )


def _place(said: Any) -> Place:
    if isinstance(said, dict):
        return any_place(said.get("iata") or said.get("name", ""))
    return any_place(said) if said else Place()


def _moment(said: Any) -> LocalTime | None:
    return local_time_from(said) if said else None


def _legs(given: Given) -> list[TravelLeg]:
    return [leg_from(leg, str(number)) for number, leg in enumerate(given.get("legs", ()))]


def _connection(given: Given) -> dict[str, Any]:
    one, other = _legs(given)[:2]
    same = given.get("same_booking")
    found = connection(one, other, same_booking=same)
    judged = judge(one, other, found, DEFAULTS)
    said = judged and judged.code.value.removeprefix("connection_")
    if judged is None and found.available is not None and found.available > DEFAULTS.long_wait:
        said = FindingCode.long_wait.value
    if not found.other_airport and one.destination.iata and other.origin.iata:
        said = said if is_near(one.destination, other.origin) else FindingCode.wrong_place.value
    answer: dict[str, Any] = {"available_min": found.available, "needed_min": found.needed, "finding": said}
    return answer | ({"also": "other_airport"} if found.other_airport else {})


def _overlap(given: Given) -> dict[str, Any]:
    ordered = in_order(_legs(given))
    pairs = [(one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :]]
    gaps = [found.available for one, other in pairs if (found := connection(one, other)).available is not None]
    available = min(gaps, default=None)
    return {
        "available_min": available,
        "finding": FindingCode.overlap.value if available is not None and available < 0 else None,
    }


def _night(given: Given) -> dict[str, Any]:
    legs = _legs(given)
    stays = [
        BedNights(date.fromisoformat(stay["check_in"]), date.fromisoformat(stay["check_out"]), stay.get("hotel", ""))
        for stay in given.get("stays", ())
    ]
    home = (town_named(given["home"]) or any_place(given["home"])) if given.get("home") else None
    last_day = date.fromisoformat(given["last_day"]) if given.get("last_day") else None
    where = whereabouts(legs, stays, home, last_day)
    away = [night.isoformat() for night, there in where.items() if there is Whereabouts.away]
    found = night_findings(legs, stays, home, last_day)
    answer: dict[str, Any] = {"finding": None, "nights": away, "findings": [one.code.value for one in found]}
    if found:
        nights = [str(one.numbers["night"]) for one in found if one.code is found[0].code]
        answer |= {"finding": found[0].code.value, "night": nights[0]}
        if found[0].code is FindingCode.two_beds:
            answer["nights"] = nights
        else:
            answer["nights_without_bed"] = nights
    else:
        fine = next((night for night, there in where.items() if there is not Whereabouts.away), None)
        if fine:
            answer |= {"night": fine.isoformat(), "because": f"{where[fine].value} at 03:00 local"}
    return answer | _meeting(stays)


def _meeting(stays: Sequence[BedNights]) -> dict[str, Any]:
    """Stays that end where another begins: no overlap."""
    pairs = [(one, other) for one in stays for other in stays if one.check_out == other.check_in and one.hotel]
    if not pairs or not double_nights(stays):
        return {}
    one, other = pairs[-1]
    day = one.check_out.day
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
    return {"not_a_finding": f"{one.hotel} ends and {other.hotel} begins on the {day}{ending}"}


def _sessions(given: Given, zone: str) -> list[AttendedSession]:
    """One session beside the leg, or those of a list that are attended; days and times in the zone of the leg."""
    first, last = _moment(given.get("first_session")), _moment(given.get("last_session_ends"))
    found = [AttendedSession(first)] if first else []
    found += [AttendedSession(last, last)] if last else []
    for said in given.get("sessions", ()):
        if not said.get("attends", True):
            continue
        where = said.get("zone", zone)
        starts, ends = (_at(said, name, where) for name in ("starts", "ends"))
        moment = starts or ends
        if moment:
            found.append(AttendedSession(moment, ends, said.get("name", "")))
    return found


def _at(said: Given, name: str, zone: str) -> LocalTime | None:
    value = said.get(name)
    if isinstance(value, dict):
        return local_time_from(value)
    return LocalTime(date.fromisoformat(said["day"]), zone, time.fromisoformat(value)) if value else None


def _late_for_session(given: Given) -> dict[str, Any]:
    leg = leg_from(given)
    if leg.arrives is None:
        raise ValueError("no arrival")
    sessions = _sessions(given, leg.arrives.zone)
    found = late_for(leg, sessions, drive=given.get("drive_min", 0), settle=given.get("settle_min"))
    code = FindingCode.late_for_session.value if found.session else None
    answer = {"ready": clock_text(found.ready), "late_min": found.late, "finding": code}
    return answer | ({"session": found.session.name} if found.session and found.session.name else {})


def _leaves_early(given: Given) -> dict[str, Any]:
    leg = leg_from(given)
    if leg.departs is None:
        raise ValueError("no departure")
    sessions = _sessions(given, leg.departs.zone)
    found = leaves_early(leg, sessions, drive=given.get("drive_min", 0), people=given.get("people", 1))
    code = FindingCode.leaves_before_end.value if found.session else None
    return {"must_leave": clock_text(found.must_leave), "early_min": found.early, "finding": code}


def _duration(given: Given) -> dict[str, Any]:
    found = check_duration(leg_from(given), given.get("km"))
    answer: dict[str, Any] = {"minutes": found.minutes, "finding": found.finding and found.finding.code.value}
    if found.allowed:
        answer |= {"usual_min": found.allowed.usual, "allowed_min": [found.allowed.least, found.allowed.most]}
    if found.suggestion:
        answer |= {"suggestion": found.suggestion.to_json(), "suggestion_minutes": found.suggestion_minutes}
    if found.shift:
        answer["hint"] = _hint(found.shift)
    return answer


def _hint(shift: int) -> str:
    hours, minutes = divmod(abs(shift), 60)
    said = f"{_HOURS[hours]} hour{'s' if hours != 1 else ''}" if hours and hours < len(_HOURS) else ""
    said = " ".join(filter(None, (said, f"{minutes} minutes" if minutes else ""))) or f"{hours} hours"
    return f"{said} {'more' if shift > 0 else 'less'} would fit: the two zones differ by {said}"


def _name(given: Given) -> dict[str, Any]:
    said = given.get("passport", {})
    passport = PersonName(said.get("family", ""), said.get("given", ""))
    mrz = name_in(given["mrz"].splitlines()[0]) if given.get("mrz") else None
    results = [compare(passport, ticket, mrz) for ticket in given.get("tickets", [given.get("ticket", "")])]
    answer: dict[str, Any] = {"results": [result.value for result in results], "result": results[0].value}
    return answer | ({"note": GIVEN_NAME_MISSING} if results[0] is NameMatch.same_with_note else {})


def _passport(given: Given) -> dict[str, Any]:
    enters, returns = date.fromisoformat(given["enters"]), date.fromisoformat(given["returns"])
    expires = date.fromisoformat(given["expires"])
    issued = date.fromisoformat(given["issued"]) if given.get("issued") else None
    rule = given.get("rule", "").lower()
    is_schengen = "schengen" in rule or "three months" in rule
    found = check_passport(
        enters=enters,
        returns=returns,
        issued=issued,
        expires=expires,
        counts_from=enters if "entry" in rule and not is_schengen else None,
    )
    lasts = found.schengen_lasts if is_schengen else found.lasts
    code = None if lasts else FindingCode.passport_expires
    if code is None and not found.is_young_enough:
        code = FindingCode.passport_old
    return {
        "must_last_until": (found.schengen_until if is_schengen else found.must_last_until).isoformat(),
        "finding": code and code.value,
        "schengen_minimum": found.schengen_until.isoformat(),
        "schengen_ok": found.schengen_ok,
    }


def _mrz(given: Given) -> dict[str, Any]:
    today = wall_clock().date()
    good = read_second(given["good"].splitlines()[-1], today=today)
    answer = {
        "check_digits": {field.value: digit for field, digit in good.digits},
        "good": good.is_good,
        "number": good.number,
        "nationality": good.nationality,
        "sex": good.sex,
        "expires": good.expires and good.expires.isoformat(),
        "born": good.born and good.born.isoformat(),
    }
    if good.problems:
        answer["good_because"] = str(good.problems[0])
    if given.get("bad"):
        bad = read_second(given["bad"].splitlines()[-1], today=today)
        answer |= {"bad": bad.is_good, "bad_because": str(bad.problems[0]) if bad.problems else None}
    return answer


def _pick_up_before(given: Given) -> dict[str, Any]:
    found = pick_up_before(leg_from(given), drive=given.get("drive_min", 0), people=given.get("people", 1))
    return {"pick_up": found and found.to_json()}


def _pick_up_after(given: Given) -> dict[str, Any]:
    arrivals = [
        Arrival(
            said.get("number", str(place)),
            local_time_from(said["arrives"]),
            bool(said.get("crosses_border")),
            TravelMode(said.get("mode", "flight")),
            said.get("people", 1),
        )
        for place, said in enumerate(given["arrivals"])
    ]
    runs = vehicles_for(arrivals, longest_wait=given.get("longest_wait_min"), seats=given.get("seats"))
    return {"vehicles": [{"for": [one.key for one in run.arrivals], "pick_up": run.pick_up.to_json()} for run in runs]}


def _distance(given: Given) -> dict[str, Any]:
    if "journey" in given:
        return _journey(given["journey"])
    rows = []
    for pair in given["pairs"]:
        origin, destination = _end(pair, "from"), _end(pair, "to")
        found = measure(origin, destination)
        if found is None:
            raise ValueError(f"no position of {pair['from']} or {pair['to']}")
        row = {"from": pair["from"], "to": pair["to"], "km": found.km, "return_trip_eur": found.amount}
        rows.append(row | ({"near_edge_km": found.edge_km} if found.edge_km else {}))
    return {"rows": rows}


def _end(pair: Given, name: str) -> Place:
    at = pair.get(f"{name}_at")
    return Place(pair[name], pair[name], position=(at[0], at[1])) if at else any_place(pair[name])


def _journey(text: str) -> dict[str, Any]:
    """ "Ankara - Vienna by ESB-IST-VIE": two towns and the airports on the way."""
    towns, _, way = text.partition(" by ")
    ends = [any_place(town) for town in re.split(r"\s+[-–]\s+", towns)]
    stops = [any_place(code) for code in re.split(r"\s*[-–]\s*", way)]
    ways = {"airports": [stops[0], stops[-1]], "cities": [ends[0], ends[-1]], "sum_of_legs": stops}
    answer: dict[str, Any] = {"right": "airports_km"}
    for name, places in ways.items():
        spots = [place.position for place in places if place.position]
        km = sum(half_up(distance_km(one, other)) for one, other in pairwise(spots))
        answer |= {f"{name}_km": km, f"{name}_eur": unit_cost(km)}
    edge = near_edge(answer["airports_km"])
    return answer | ({"near_edge_km": edge} if edge else {})


RULES: Mapping[str, Callable[[Given], dict[str, Any]]] = {
    "connection": _connection,
    "overlap": _overlap,
    "night": _night,
    "late_for_session": _late_for_session,
    "leaves_early": _leaves_early,
    "duration": _duration,
    "name": _name,
    "passport": _passport,
    "mrz": _mrz,
    "pick_up_before": _pick_up_before,
    "pick_up_after": _pick_up_after,
    "distance": _distance,
    "moved_leg": moved_leg,
}
