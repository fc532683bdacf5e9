"""What a project may decide about the rule sets that it pays by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.errors import N_
from finance.rules.registry import RULE_SETS


class SwitchKind(StrEnum):
    """How a switch is typed: a percentage is kept as a part of one."""

    percent = "percent"
    amount = "amount"
    number = "number"
    yes = "yes"
    choice = "choice"
    text = "text"


@dataclass(frozen=True)
class RuleSwitch:
    """One thing a project may set. `rule` is the switch of the rule set, `part` the component of a share."""

    name: str
    title: str
    kind: SwitchKind
    rule: str
    part: str = ""
    choices: Mapping[str, str] | None = None


_REAL_COST = {"share": N_("A share of the per diem"), "actual_cost": N_("What it really cost")}
_ALL = (
    RuleSwitch("bed_share", N_("Accommodation takes off (%%)"), SwitchKind.percent, "shares", "bed"),
    RuleSwitch("breakfast_share", N_("Breakfast takes off (%%)"), SwitchKind.percent, "shares", "breakfast"),
    RuleSwitch("lunch_share", N_("Lunch takes off (%%)"), SwitchKind.percent, "shares", "lunch"),
    RuleSwitch("dinner_share", N_("Dinner takes off (%%)"), SwitchKind.percent, "shares", "dinner"),
    RuleSwitch("ceiling", N_("The project pays at most, a night"), SwitchKind.amount, "ceiling"),
    RuleSwitch("bed_mode", N_("A provided bed takes off"), SwitchKind.choice, "bed_mode", choices=_REAL_COST),
    RuleSwitch("meal_mode", N_("A provided meal takes off"), SwitchKind.choice, "meal_mode", choices=_REAL_COST),
    RuleSwitch("vehicle_night_pays", N_("A night on the way is paid"), SwitchKind.yes, "vehicle_night_pays"),
    RuleSwitch("day_trip_share", N_("A day trip from 10 hours pays (%%)"), SwitchKind.percent, "day_trip_share"),
    RuleSwitch("half_from_day_15", N_("Half from the 15th day at one place"), SwitchKind.yes, "half_from_day_15"),
    RuleSwitch("three_month_limit", N_("Nothing after three months at one place"), SwitchKind.yes, "three_month_limit"),
    RuleSwitch("first_and_last_share", N_("First and last day pay (%%)"), SwitchKind.percent, "first_and_last_share"),
    RuleSwitch("night_is_full", N_("Any night makes a whole day"), SwitchKind.yes, "night_is_full"),
    RuleSwitch("days_before", N_("Days at the same place before, in the year"), SwitchKind.number, "days_before"),
    RuleSwitch("column", N_("Column of the table"), SwitchKind.text, "column"),
    RuleSwitch("received_per_day", N_("What others pay the person, a day"), SwitchKind.amount, "received_per_day"),
    RuleSwitch("distance_km", N_("Distance from home (km)"), SwitchKind.number, "distance_km"),
    RuleSwitch("night_amount", N_("Amount of a night"), SwitchKind.amount, "night_amount"),
    RuleSwitch(
        "unit",
        N_("Paid for each"),
        SwitchKind.choice,
        "unit",
        choices={"day": N_("day"), "night": N_("night")},
    ),
)
SWITCHES: Mapping[str, RuleSwitch] = {one.name: one for one in _ALL}
# What a journey is paid by when it stays in the country of the project, and when it leaves it.
JOURNEYS = {"home": N_("Journeys at home"), "abroad": N_("Journeys abroad")}
_SHARES_OF_PROJECT = frozenset({"eu_external", "flat"})
# Sets that pay a hotel on its bill: a receipt for a hotel is then the cost of that night.
BEDS_ON_BILL = frozenset({"eu_missions", "us_gsa", "tr_6245", "tr_6245_abroad"})


def switches_of(rule_set: str) -> list[RuleSwitch]:
    """What can be set for a rule set, in the order of the page."""
    return [one for one in _ALL if one.rule in RULE_SETS[rule_set].switches]


def as_rules_take(rule_set: str, own: Mapping[str, Any], shares: Mapping[str, Decimal]) -> dict[str, Any]:
    """Switches by the names and kinds that the rule set has; `own` is as kept (text), `shares` are the project's,
    for sets that have none of their own."""
    found: dict[str, Any] = {}
    parts: dict[str, Decimal] = dict(shares) if rule_set in _SHARES_OF_PROJECT else {}
    for one in switches_of(rule_set):
        if one.name not in own:
            continue
        value = own[one.name]
        if one.kind in (SwitchKind.percent, SwitchKind.amount):
            value = Decimal(str(value))
        if one.part:
            parts[one.part] = value
        elif one.name == "distance_km":
            found[one.rule] = Decimal(value)
        else:
            found[one.rule] = value
    if parts:
        found["shares"] = parts
    return found
