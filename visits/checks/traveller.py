"""All findings of one person's travel: recomputed for that person alone when something of theirs changes."""

from visits.checks.connections import connection_findings
from visits.checks.durations import check_duration
from visits.checks.nights import night_findings
from visits.checks.rules import FindingCode, TravelFinding, finding
from visits.checks.sessions import day_findings, session_findings
from visits.checks.ways import person_ways
from visits.places.airports import far_town
from visits.places.rules import half_up
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import TravelLeg, Traveller, place_label


def findings_of(
    person: Traveller, *, drive: int = 0, people: int = 1, settings: TravelSettings = DEFAULTS
) -> list[TravelFinding]:
    """`drive` is the way between airport and programme in minutes, `people` how many ride in the vehicle."""
    ways = person_ways(person)
    found = connection_findings(person.legs, person.stays, person.transfers, settings, person.sessions)
    found += [check.finding for leg in person.legs if (check := check_duration(leg, settings=settings)).finding]
    found += night_findings(person.legs, person.stays, person.home, person.last_day, person.starts)
    found += session_findings(
        person.legs, person.sessions, home=person.home, drive=drive, people=people, settings=settings, ways=ways
    )
    found += day_findings(person.legs, person.first_day, person.last_day, person.home, settings, ways)
    return found + [one for leg in person.legs for one in far_airports(leg)]


def far_airports(leg: TravelLeg) -> list[TravelFinding]:
    """Airports that carry the name of a town far away: whoever books them should know."""
    found = []
    for place in (leg.origin, leg.destination):
        far = far_town(place.iata)
        if far:
            town, km = far
            found.append(finding(FindingCode.place_far, leg.key, airport=place_label(place), town=town, km=half_up(km)))
    return found
