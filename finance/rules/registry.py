"""All rule sets by their key: what one is called, how it computes, and what a project may set.

A set that a country needs is one module with one function and one row here (docs/per-diem-rules.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import N_
from finance.rates.rules import DatedRates
from finance.rules.actuals import receipts_up_to_ceilings
from finance.rules.de_bmf import german_days
from finance.rules.eu_experts import expert_days
from finance.rules.eu_external import external_nights
from finance.rules.eu_missions import mission_periods
from finance.rules.facts import Mission
from finance.rules.flat import flat_units
from finance.rules.lines import Computation, OpenLine
from finance.rules.tr_6245 import thirds_of_days
from finance.rules.tr_6245_abroad import days_abroad
from finance.rules.uk_hmrc_day import british_days
from finance.rules.un_dsa import subsistence_nights
from finance.rules.us_gsa import meals_and_incidentals


@dataclass(frozen=True)
class RuleSet:
    """`compute` takes a mission, rates, `currency` and, by name, any of the `switches`. `version` is kept with a line:
    it grows when the same facts come to another amount."""

    key: str
    title: str
    compute: Callable[..., Computation]
    switches: frozenset[str] = frozenset()
    version: int = 1
    # Which list holds: that of the day on which the contract was concluded, else that of the line's day.
    by_contract: bool = False
    # Whether nothing can be said without the times of leaving and being back.
    needs_absence: bool = False


_SETS = (
    RuleSet(
        "eu_external",
        N_("European Union, external actions: nights away"),
        external_nights,
        frozenset({"shares", "ceiling", "bed_mode", "meal_mode", "vehicle_night_pays"}),
        by_contract=True,
    ),
    RuleSet(
        "eu_missions",
        N_("European Union, staff missions: 24 hours"),
        mission_periods,
        frozenset({"shares"}),
        needs_absence=True,
    ),
    RuleSet("un_dsa", N_("United Nations: nights"), subsistence_nights, frozenset({"shares", "day_trip_share"})),
    RuleSet(
        "de_bmf",
        N_("Germany, tax law: calendar days"),
        german_days,
        frozenset({"shares", "also", "half_from_day_15", "three_month_limit"}),
        needs_absence=True,
    ),
    RuleSet(
        "us_gsa",
        N_("United States, GSA: calendar days"),
        meals_and_incidentals,
        frozenset({"first_and_last_share"}),
        needs_absence=True,
    ),
    RuleSet(
        "tr_6245",
        N_("Türkiye, law 6245, at home: thirds of a day"),
        thirds_of_days,
        frozenset({"lodging", "night_is_full", "days_before"}),
        needs_absence=True,
    ),
    RuleSet(
        "tr_6245_abroad",
        N_("Türkiye, law 6245, abroad: started days"),
        days_abroad,
        frozenset({"column", "received_per_day"}),
        needs_absence=True,
    ),
    RuleSet(
        "eu_experts",
        N_("European Commission, invited experts: meeting days"),
        expert_days,
        frozenset({"distance_km", "night_amount"}),
    ),
    RuleSet(
        "actuals",
        N_("Actual costs on receipts"),
        receipts_up_to_ceilings,
        frozenset({"ceilings", "exchange", "fx_month"}),
    ),
    RuleSet(
        "uk_hmrc_day",
        N_("United Kingdom, HMRC: hours of a day"),
        british_days,
        frozenset({"steps"}),
        needs_absence=True,
    ),
    RuleSet("flat", N_("A fixed amount for each day or night"), flat_units, frozenset({"unit", "shares"})),
)
RULE_SETS: Mapping[str, RuleSet] = {one.key: one for one in _SETS}


def compute(key: str, mission: Mission, rates: DatedRates, currency: str, switches: Mapping[str, Any]) -> Computation:
    """What a set makes of a mission. Switches that it has not are left out. Raises KeyError for a set that is none."""
    rule = RULE_SETS[key]
    if rule.needs_absence and (mission.away is None or mission.away.length <= timedelta()):
        return Computation(currency, open=[OpenLine(None, "absence")])
    known = {name: value for name, value in switches.items() if name in rule.switches}
    return rule.compute(mission, rates, currency=currency, **known)
