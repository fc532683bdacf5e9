"""What is found in the documents of a traveller: passport, insurance, visa, and names on tickets; and which of the
legs that people travel on lead there and home."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from events.programme.events.models import Event
from visits.checks.rules import FindingCode, FindingSeverity, TravelFinding, finding
from visits.checks.ways import Ways, ways_of
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import travel_leg
from visits.passports.names import PersonName, compare
from visits.passports.rules import (
    PassportKind,
    VisaNeed,
    VisaState,
    check_passport,
    name_finding,
    passport_findings,
    visa_findings,
    visa_need,
)
from visits.places.lookup import town_in
from visits.places.rules import Place, is_schengen
from visits.travel_details.models import TravelDetails
from visits.travel_details.rules import visa_state
from visits.travel_settings import TravelSettings
from visits.travel_types import TravelLeg, Traveller

# From so many days before a visit a passport that is not known is an error.
_PASSPORT_DAYS = 30


def ticket_name_findings(
    on_legs: Sequence[tuple[Leg, LegPassenger]], told: TravelDetails | None
) -> list[TravelFinding]:
    """Names on tickets that are not those of the passport, each once."""
    if told is None or not told.passport:
        return []
    owner = PersonName(told.passport["family_name"], told.passport["given_names"])
    names = [one.ticket_name for leg, one in on_legs if one.ticket_name and one.is_travelling and not leg.cancelled_at]
    found = (name_finding(compare(owner, name), name) for name in dict.fromkeys(names))
    return [one for one in found if one is not None]


def document_findings(
    event: Event,
    traveller: Traveller,
    told: TravelDetails | None,
    today: date,
    visas: Sequence[VisaNeed],
    settings: TravelSettings,
) -> list[TravelFinding]:
    """Passport, insurance and visa of somebody who crosses a border."""
    if traveller.legs and not any(leg.crosses_border for leg in traveller.legs):
        return []
    passport: Mapping[str, Any] = told.passport if told else {}
    if passport.get("nationality") == event.country:
        return []
    found = []
    enters, returns = _abroad(event, traveller)
    if not passport:
        is_near = (event.first_day - today).days <= _PASSPORT_DAYS
        severity = FindingSeverity.error if is_near else FindingSeverity.warning
        found.append(finding(FindingCode.no_passport, severity=severity))
    else:
        expires = date.fromisoformat(passport["expires"])
        issued = date.fromisoformat(passport["issued"]) if passport.get("issued") else None
        check = check_passport(
            enters=enters, returns=returns, issued=issued, expires=expires, months=settings.own_rule_months
        )
        found += passport_findings(check, expires, to_schengen=is_schengen(event.country))
    found += _insurance(told.insurance if told else {}, returns)
    return found + _visa(event, traveller, passport, told.visa if told else {}, today, visas, settings)


def _insurance(insurance: Mapping[str, Any], returns: date) -> list[TravelFinding]:
    if not insurance.get("company"):
        return [finding(FindingCode.no_insurance)]
    until = insurance.get("insured_until")
    if until and date.fromisoformat(until) < returns:
        return [finding(FindingCode.insurance_short, until=until, last_day=returns.isoformat())]
    return []


def _visa(
    event: Event,
    traveller: Traveller,
    passport: Mapping[str, Any],
    visa: Mapping[str, Any],
    today: date,
    visas: Sequence[VisaNeed],
    settings: TravelSettings,
) -> list[TravelFinding]:
    """By the project's table for that passport, and by what the traveller or the organiser said of the visa."""
    need = None
    if passport:
        need = visa_need(visas, passport["nationality"], PassportKind(passport["kind"]), event.country)
    state = visa_state(visa)
    if state in (VisaState.needed, VisaState.applied, VisaState.refused):
        need = VisaNeed("", PassportKind.ordinary, event.country, is_needed=True)
    enters, returns = _abroad(event, traveller)
    valid_from, valid_to = (
        date.fromisoformat(visa[name]) if visa.get(name) else None for name in ("valid_from", "valid_until")
    )
    return visa_findings(
        need,
        state,
        first_day=enters,
        last_day=returns,
        valid_from=valid_from,
        valid_to=valid_to,
        today=today,
        settings=settings,
    )


def _abroad(event: Event, traveller: Traveller) -> tuple[date, date]:
    """From the first day across a border to the last: of the legs where they say, else of the visit."""
    across = [leg for leg in traveller.legs if leg.crosses_border]
    days = [moment.day for leg in across for moment in (leg.departs, leg.arrives) if moment]
    return min([*days, event.first_day]), max([*days, event.last_day])


def travelled_by(on_legs: Sequence[tuple[Leg, LegPassenger]]) -> dict[UUID, list[TravelLeg]]:
    """The legs that each person travels on, as the rules know them."""
    found: dict[UUID, list[TravelLeg]] = defaultdict(list)
    for leg, one in on_legs:
        if one.is_travelling and leg.cancelled_at is None:
            found[one.registration_id].append(travel_leg(leg, one))
    return found


def ways_in(event: Event, legs: Sequence[TravelLeg]) -> Ways:
    """The way there and the way home of one person, as far as their legs and the event say it."""
    return ways_of(legs, None, event.first_day, event.last_day, place_of(event.venue, event.country))


@lru_cache(maxsize=1000)
def place_of(venue: str, country: str) -> Place:
    """Where an event is: the town that its venue names, if that is in its country, else the country."""
    town = town_in(venue, country) if venue else None
    return town if town and town.country == country else Place(country=country)
