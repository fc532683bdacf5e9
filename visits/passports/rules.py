"""How long a passport has to last, and who needs a visa.

Two rules, each named by itself: a rule of ours of six months after the return, and that of the Schengen area of three
months after leaving it and a document issued within the ten years before entering it (Regulation 610/2013).
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.checks.rules import FindingCode, FindingSeverity, TravelFinding, finding
from visits.passports.names import NameMatch
from visits.travel_settings import DEFAULTS, TravelSettings

_SCHENGEN_MONTHS, _SCHENGEN_YEARS = 3, 10


class PassportKind(StrEnum):
    """Turkish passports: umuma mahsus, hususi (green), hizmet (grey), diplomatik."""

    ordinary = "ordinary"
    special = "special"
    service = "service"
    diplomatic = "diplomatic"


class PassportRule(StrEnum):
    own = "own"
    schengen = "schengen"


class VisaState(StrEnum):
    unknown = "unknown"
    not_needed = "not_needed"
    needed = "needed"
    applied = "applied"
    granted = "granted"
    refused = "refused"


@dataclass(frozen=True)
class PassportCheck:
    """Both rules of one journey; `schengen_until` counts from the day of leaving the area."""

    must_last_until: date
    schengen_until: date
    lasts: bool
    schengen_lasts: bool
    is_young_enough: bool

    @property
    def schengen_ok(self) -> bool:
        return self.schengen_lasts and self.is_young_enough


def months_later(day: date, months: int) -> date:
    """By the calendar: 31 August and six months is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def check_passport(
    *,
    enters: date,
    returns: date,
    issued: date | None,
    expires: date,
    months: int = DEFAULTS.own_rule_months,
    counts_from: date | None = None,
) -> PassportCheck:
    """`counts_from` is the return unless a country counts its months from the entry."""
    own = months_later(counts_from or returns, months)
    schengen = months_later(returns, _SCHENGEN_MONTHS)
    oldest = months_later(enters, -12 * _SCHENGEN_YEARS)
    return PassportCheck(own, schengen, expires >= own, expires >= schengen, issued is None or issued >= oldest)


def passport_findings(check: PassportCheck, expires: date, *, to_schengen: bool) -> list[TravelFinding]:
    """Each rule that fails, by its name."""
    found = []
    if to_schengen and not check.schengen_lasts:
        found.append(_expires(PassportRule.schengen, expires, check.schengen_until))
    elif not check.lasts:
        found.append(_expires(PassportRule.own, expires, check.must_last_until))
    if to_schengen and not check.is_young_enough:
        found.append(finding(FindingCode.passport_old, rule=PassportRule.schengen.value, years=_SCHENGEN_YEARS))
    return found


def _expires(rule: PassportRule, expires: date, until: date) -> TravelFinding:
    numbers = {"rule": rule.value, "expires": expires.isoformat(), "until": until.isoformat()}
    return finding(FindingCode.passport_expires, numbers=numbers)


def name_finding(match: NameMatch, ticket: str) -> TravelFinding | None:
    """What a ticket's name means for the organiser; a given name that is missing counts as fine."""
    codes = {
        NameMatch.near: FindingCode.name_near,
        NameMatch.swapped: FindingCode.name_swapped,
        NameMatch.different: FindingCode.name_different,
    }
    return finding(codes[match], ticket=ticket) if match in codes else None


@dataclass(frozen=True)
class VisaNeed:
    """One line of the organiser's table: as they state it, with source and day. Days are those without a visa."""

    nationality: str
    kind: PassportKind
    country: str
    is_needed: bool
    days: int | None = None
    source: str = ""
    stated_on: date | None = None


def visa_need(table: Iterable[VisaNeed], nationality: str, kind: PassportKind, country: str) -> VisaNeed | None:
    """The line that holds; None where the organiser has stated nothing."""
    key = nationality, kind, country
    return next((line for line in table if (line.nationality, line.kind, line.country) == key), None)


def visa_findings(
    need: VisaNeed | None,
    state: VisaState,
    *,
    first_day: date,
    last_day: date,
    valid_from: date | None = None,
    valid_to: date | None = None,
    today: date,
    settings: TravelSettings = DEFAULTS,
) -> list[TravelFinding]:
    """Needed and not granted, or granted for other days; an error from two weeks before."""
    is_near = (first_day - today).days <= settings.visa_error_days
    severity = FindingSeverity.error if is_near else FindingSeverity.warning
    stays = (last_day - first_day).days + 1
    is_needed = need is not None and (need.is_needed or (need.days is not None and stays > need.days))
    if state is VisaState.granted:
        if (valid_from and valid_from > first_day) or (valid_to and valid_to < last_day):
            said = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
            return [finding(FindingCode.visa_short, severity=severity, numbers=said)]
        return []
    if is_needed and state is not VisaState.not_needed:
        return [finding(FindingCode.no_visa, severity=severity, days=(first_day - today).days)]
    return []
