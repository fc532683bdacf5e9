"""What somebody is shown before anything is kept: legs of several people together, stays, cancellations, warnings."""

from collections.abc import Sequence
from typing import Any

from visits.bookings.matching import owner_of
from visits.bookings.merging import BookingLedger, StayBooking, is_same_leg, merged
from visits.bookings.rules import (
    FAR_DAYS,
    BookingEnd,
    BookingState,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadingProblem,
    ReadLeg,
    ReadStay,
)
from visits.checks.durations import check_duration
from visits.checks.rules import FindingCode
from visits.passports.names import NameMatch
from visits.places.lookup import place_by_code, town_in
from visits.places.rules import Place
from visits.travel_types import LocalTime, TravelLeg, TravelMode, minutes_between

_OF_TIME = {ProposalWarning.departure_time_unknown, ProposalWarning.arrival_time_unknown}


def propose(
    messages: Sequence[MessageReading], context: ReadingContext, participants: Sequence[str] = ()
) -> dict[str, Any]:
    """The state after these messages, as JSON: `result`, `legs`, `stays`, `cancels`, `others`, `warnings`.

    `result` says what the newest message is: a proposal, a change of what is known, a cancellation, or refused with a
    `reason`. Nothing is created by it.
    """
    ledger = merged(messages, context.received)
    warnings = set(ledger.warnings) - _OF_TIME
    legs = [_leg(group, context, participants, warnings) for group in _groups(ledger)]
    stays = [_stay(group, participants, warnings) for group in _stay_groups(ledger)]
    said: dict[str, Any] = {"result": _result(ledger, messages), "legs": legs, "stays": stays}
    cancels = [_cancel(dated.leg) for dated in ledger.cancellations]
    for dated in ledger.cancellations:
        _match([dated.leg.name], participants, {}, warnings)
    cancels += [
        {
            "reference": _one(stay.references),
            "name": stay.name,
            "check_in": stay.check_in,
            "guests": _listed(stay.passenger),
        }
        for stay, _, _ in ledger.stay_cancellations
    ]
    if cancels:
        said["cancels"] = _distinct(cancels)
        said["unknown"] = len(ledger.unknown)
    others = [
        {"kind": one.kind, "name": one.name, "starts": one.starts, "ends": one.ends, "reference": _one(one.references)}
        for number in ledger.order
        for one in messages[number].others
    ]
    if others:
        said["others"] = _distinct(others)
    if said["result"] in ("refused_with_reason", "nothing"):
        problems = [messages[number].problem for number in ledger.order if messages[number].problem]
        said["reason"] = problems[0] if problems else ReadingProblem.nothing_found
        if said["reason"] is ReadingProblem.markup_damaged:
            warnings.add(ProposalWarning.markup_damaged)
    return {**said, "warnings": sorted(warnings)}


def _result(ledger: BookingLedger, messages: Sequence[MessageReading]) -> str:
    """What the newest message that says anything is."""
    newest = next((number for number in reversed(ledger.order) if not messages[number].is_empty), None)
    if newest is None:
        reasons = {message.problem for message in messages}
        return "nothing" if reasons <= {ReadingProblem.nothing_found, None} else "refused_with_reason"
    message = messages[newest]
    states = {leg.state for leg in message.legs} | {stay.state for stay in message.stays}
    if states == {BookingState.cancelled}:
        return "cancellation"
    bookings = [[dated.message for dated in booking.said] for booking in ledger.legs]
    bookings += [[number for _, _, number in booking.said] for booking in ledger.stays]
    about = [numbers for numbers in bookings if newest in numbers]
    is_change = about and all(set(numbers) - {newest} for numbers in about)
    return "change" if is_change or BookingState.cancelled in states else "proposal"


def _groups(ledger: BookingLedger) -> list[list[ReadLeg]]:
    """Legs that are not cancelled, those of several people on one together, in the order in which they leave."""
    groups: list[list[ReadLeg]] = []
    for booking in ledger.legs:
        if booking.cancelled_by is None:
            leg = booking.leg
            known = next((group for group in groups if is_same_leg(group[0], leg)), None)
            if known is not None:
                known.append(leg)
            else:
                groups.append([leg])
    return sorted(groups, key=_leaves)


def _leaves(group: list[ReadLeg]) -> tuple[bool, Any, str]:
    moment = group[0].departs or group[0].boards
    return (moment is None, moment.earliest if moment else 0, group[0].number)


def _stay_groups(ledger: BookingLedger) -> list[list[StayBooking]]:
    groups: dict[tuple[str, str, str], list[StayBooking]] = {}
    for booking in ledger.stays:
        if not booking.is_cancelled:
            stay = booking.stay
            groups.setdefault((stay.name, stay.check_in, stay.check_out), []).append(booking)
    return [groups[key] for key in sorted(groups, key=lambda key: (key[1], key[0]))]


def _leg(
    group: Sequence[ReadLeg], context: ReadingContext, participants: Sequence[str], warnings: set[ProposalWarning]
) -> dict[str, Any]:
    leg = group[0]
    people = list(dict.fromkeys(one.passenger for one in group if one.passenger))
    said: dict[str, Any] = {
        "mode": leg.mode,
        "carrier": leg.carrier,
        "number": leg.number,
        "from": _end(leg.origin),
        "to": _end(leg.destination),
        "departs": leg.departs.to_json() if leg.departs else None,
        "arrives": leg.arrives.to_json() if leg.arrives else None,
    }
    if leg.boards:
        said["boards"] = leg.boards.to_json()
    if leg.references:
        said["reference"] = _one(leg.references)
    if len(leg.references) > 1:
        said["other_references"] = list(leg.references[1:])
    said |= _details(leg) if len(group) == 1 else {}
    if len(group) > 1:
        said["persons"] = [{"name": one.passenger, "reference": _one(one.references), **_details(one)} for one in group]
    said["passengers"] = people
    minutes = minutes_between(leg.departs, leg.arrives)
    if minutes is not None:
        said["minutes"] = minutes
    if leg.candidates:
        said["ask"] = {"day": list(leg.candidates)}
    _check(leg, said, context, warnings)
    _match([one.name or one.passenger for one in group], participants, said, warnings)
    return said


def _details(leg: ReadLeg) -> dict[str, str]:
    names = ("seat", "coach", "seat_class", "ticket", "sequence", "gate")
    found = {name: str(getattr(leg, name)) for name in names if getattr(leg, name)}
    return found | ({"state": "held"} if leg.state is BookingState.held else {})


def _end(end: BookingEnd) -> dict[str, str]:
    """The code where there is one; names are the vendor's."""
    said = {"iata": end.iata} if end.iata else {"name": end.name}
    return said | {name: value for name in ("platform", "terminal") if (value := getattr(end, name))}


def _check(leg: ReadLeg, said: dict[str, Any], context: ReadingContext, warnings: set[ProposalWarning]) -> None:
    if leg.departs is None or leg.departs.clock is None:
        warnings.add(ProposalWarning.departure_time_unknown)
    if leg.arrives is None or leg.arrives.clock is None:
        warnings.add(ProposalWarning.arrival_time_unknown)
    if leg.state is BookingState.held and leg.mode is TravelMode.flight and not leg.ticket:
        warnings.add(ProposalWarning.ticket_missing)
    if leg.day and context.has_visit and context.days_off(leg.day) > FAR_DAYS:
        warnings.add(ProposalWarning.far_from_visit)
    found = check_duration(
        TravelLeg(_place(leg.origin), _place(leg.destination), leg.departs, leg.arrives, mode=leg.mode)
    )
    if found.finding is None:
        return
    is_before = found.finding.code is FindingCode.arrives_before_departure
    warnings.add(ProposalWarning.arrives_before_departure if is_before else ProposalWarning.duration_implausible)
    if found.suggestion:
        said["suggestion"] = {"arrives": found.suggestion.to_json(), "minutes": found.suggestion_minutes}


def _place(end: BookingEnd) -> Place:
    return (place_by_code(end.iata) if end.iata else town_in(end.name)) or Place(end.name, end.iata, zone=end.zone)


def _match(
    names: Sequence[str], participants: Sequence[str], said: dict[str, Any], warnings: set[ProposalWarning]
) -> None:
    """With a list of participants: whose it is. Somebody else's is for the organiser and attached to nobody."""
    if not participants:
        return
    owners = [owner_of(name, participants) for name in dict.fromkeys(names) if name]
    if any(owner is None for owner in owners):
        warnings.add(ProposalWarning.not_in_visit)
    if any(owner and owner.match is NameMatch.near for owner in owners):
        warnings.add(ProposalWarning.name_near)
    said["participants"] = [owner.participant for owner in owners if owner]


def _stay(group: Sequence[StayBooking], participants: Sequence[str], warnings: set[ProposalWarning]) -> dict[str, Any]:
    stay = group[0].stay
    guests = list(dict.fromkeys(one.stay.passenger for one in group if one.stay.passenger))
    said: dict[str, Any] = {
        "name": stay.name,
        "city": stay.city,
        "country": stay.country,
        "check_in": stay.check_in or None,
        "check_out": stay.check_out or None,
        "nights": _nights(stay),
        "from_time": _moment(stay.from_time),
        "until_time": _moment(stay.until_time),
        "reference": _one(stay.references),
        "guests": guests,
    }
    said = {name: value for name, value in said.items() if value is not None}
    _match(guests, participants, said, warnings)
    return said


def _nights(stay: ReadStay) -> int | None:
    check_in, check_out = stay.days
    return (check_out - check_in).days if check_in and check_out else None


def _moment(moment: LocalTime | None) -> dict[str, Any] | None:
    return moment.to_json() if moment else None


def _cancel(leg: ReadLeg) -> dict[str, Any]:
    """What the message names, and no more."""
    said: dict[str, Any] = {"reference": _one(leg.references)}
    if leg.carrier or leg.number:
        said |= {"carrier": leg.carrier, "number": leg.number}
    if leg.day:
        said["day"] = leg.day.isoformat()
    if leg.origin != BookingEnd() and leg.mode is not TravelMode.flight:
        said |= {"from": _end(leg.origin), "to": _end(leg.destination)}
    return said | {"passengers": _listed(leg.passenger)}


def _listed(name: str) -> list[str]:
    return [name] if name else []


def _one(references: Sequence[str]) -> str:
    return references[0] if references else ""


def _distinct(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
