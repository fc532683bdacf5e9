"""The per diem of the European Union’s external actions (INTPA list). Pure.

A maximum for each night away that needs an overnight stay away from the base of operations (EuropeAid, heading of the
list); three days with two overnights are two per diems (ENPI CBC Med, answer 3.42), a day trip none. It covers bed,
meals, local travel and sundries. The list is chosen by the date on which the contract was concluded (heading of the
list of 2024-11-08). The list has no deductions: shares are the project’s; TAIEX takes real costs off (guide for
experts).
Ours where the texts are silent: the night of a day stands for its bed, lunch and dinner of that day and breakfast of
the next; a night in a vehicle is not paid.
"""

from collections.abc import Mapping
from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import MealKind, Mission, MissionNight, ProvidedMeal, nights_with_meals
from finance.rules.lines import (
    Computation,
    Cut,
    LineHead,
    OpenLine,
    PayLine,
    computation,
    unpaid_night,
)


def external_nights(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "EUR",
    shares: Mapping[str, Decimal] | None = None,
    ceiling: Decimal | None = None,
    bed_mode: str = "share",
    meal_mode: str = "share",
    vehicle_night_pays: bool = False,
) -> Computation:
    """One line for each night, at the rate of the place slept in, or the project's `ceiling` where that is lower.

    `bed_mode` and `meal_mode` are "share" or "actual_cost": then what was really paid comes off, and a line whose cost
    nobody knows is open.
    """
    found: list[PayLine | OpenLine] = []
    for night, meals in nights_with_meals(mission):
        head = LineHead(
            "night", night.day, night.place, currency, rates.find(night.place.country, night.place.city, night.day)
        )
        listed = head.amount
        rate = listed if listed is None or ceiling is None else min(listed, ceiling)
        reason = unpaid_night(night, mission.attended, vehicle_pays=vehicle_night_pays)
        if not reason and night.place.city and night.place == mission.home:
            reason = "home"
        if reason:
            found.append(head.unpaid(reason, None if reason == "home" else rate))
            continue
        cuts = None if rate is None else _cuts(night, meals, rate, shares or {}, bed_mode, meal_mode)
        if rate is None or listed is None or cuts is None:
            found.append(head.missing("rate" if rate is None else "cost"))
            continue
        line = head.paid(rate, "1", rate, cuts)
        found.append(line.by("bill", bill=listed, ceiling=rate) if rate < listed else line)
    return computation(currency, found)


def _cuts(
    night: MissionNight,
    meals: Mapping[MealKind, ProvidedMeal],
    rate: Decimal,
    shares: Mapping[str, Decimal],
    bed_mode: str,
    meal_mode: str,
) -> list[Cut] | None:
    """What comes off a night; None where a real cost should and nobody knows it."""
    given = [kind for kind in MealKind if kind in meals or (kind is MealKind.breakfast and night.has_breakfast)]
    costs: dict[str, Decimal | None] = {}
    if night.is_bed_given and bed_mode == "actual_cost":
        costs["bed"] = night.provided_cost
    if meal_mode == "actual_cost":
        # A breakfast with the room is in the room's price.
        costs |= {kind.value: meals[kind].cost for kind in given if kind in meals}
    parts = [kind.value for kind in given] if meal_mode == "share" else []
    if night.is_bed_given and bed_mode == "share":
        parts.append("bed")
    known = [Cut(component, cost) for component, cost in costs.items() if cost is not None]
    if len(known) < len(costs):
        return None
    return known + [Cut(part, rate * shares[part], shares[part]) for part in parts if part in shares]
