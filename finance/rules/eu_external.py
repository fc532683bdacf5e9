"""The per diem of the European Union’s external actions (INTPA list). Pure.

A maximum for each night away that needs an overnight stay away from the base of operations (EuropeAid, heading of the
list); three days with two overnights are two per diems (ENPI CBC Med, answer 3.42), a day trip none. It covers bed,
meals, local travel and sundries. The list is chosen by the date on which the contract was concluded (heading of the
list of 2024-11-08). The list has no deductions: shares are the project’s; TAIEX takes real costs off (guide for
experts).
Ours where the texts are silent: the night of a day stands for its bed, lunch and dinner of that day and breakfast of
the next; a night in a vehicle is not paid.

`external_nights` computes from all that is known of a mission; `eu_external` is what sheets compute by today.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.errors import N_, Refusal
from core.money import Money
from finance.rates.rules import DatedRates, Rate
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

MEALS = ("breakfast", "lunch", "dinner")


@dataclass(frozen=True)
class Night:
    """A night away: the date of its evening, where the person sleeps, and what is provided with the bed."""

    day: date
    country: str
    city: str = ""
    is_bed_provided: bool = False
    has_breakfast: bool = False


@dataclass(frozen=True)
class NightAmount:
    """One night's per diem. Deductions are positive; `why` is a message with `facts` for its placeholders."""

    night: Night
    rate: Money
    counts: bool
    deductions: Mapping[str, Money]
    amount: Money
    why: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gross(self) -> Money:
        """The rate before anything comes off; zero for a night that is not paid."""
        return self.rate if self.counts else Money.zero(self.rate.currency)


class RateMissing(Refusal):
    status = 409
    code = "rate-missing"
    title = N_("There is no rate for %(country)s on %(day)s. Finance can import a rate table.")


def rate_for(night: Night, rates: Sequence[Rate]) -> Rate:
    """The rate in force that night: the city's own, however old, before the country's; of several the latest. Raises
    RateMissing."""
    fitting = [
        r for r in rates if r.country == night.country and r.city in ("", night.city) and r.valid_from <= night.day
    ]
    if not fitting:
        raise RateMissing(country=night.country, day=night.day)
    return max(fitting, key=lambda r: (r.city != "", r.valid_from))


def eu_external(
    nights: Sequence[Night],
    rates: Sequence[Rate],
    *,
    shares: Mapping[str, Decimal],
    meals: Callable[[date], frozenset[str]],
    attended: frozenset[date] | None,
) -> list[NightAmount]:
    """One per diem for each night away, at the rate of the country slept in; a mission of one day earns none.

    The per diem covers bed, meals, local travel and sundries. What is provided takes off the project's
    share of it: `shares` are parts of one by component (bed and each meal), `meals` says which the agenda of a day
    provides. A meal belongs to the night of its own day. `attended` are the days with a signature, None while
    attendance does not decide; a night counts when its own day or the next was attended.
    Each deduction is rounded half up to the smallest unit; together they never exceed the rate.
    Source: European Commission, per diem rates for external actions (Annex III, budget of the action):
    the number of overnight stays times the rate of the country.
    """
    return [
        _line(night, rate_for(night, rates), shares, meals(night.day), attended)
        for night in sorted(nights, key=lambda n: n.day)
    ]


def _line(
    night: Night,
    rate: Rate,
    shares: Mapping[str, Decimal],
    meals: frozenset[str],
    attended: frozenset[date] | None,
) -> NightAmount:
    nothing = Money.zero(rate.amount.currency)
    if attended is not None and not attended & {night.day, night.day + timedelta(days=1)}:
        none = dict.fromkeys(("bed", *MEALS), nothing)
        return NightAmount(
            night, rate.amount, False, none, nothing, N_("Not paid: no signature on this day or the next.")
        )
    provided = {
        "bed": night.is_bed_provided,
        "breakfast": night.has_breakfast or "breakfast" in meals,
        "lunch": "lunch" in meals,
        "dinner": "dinner" in meals,
    }
    # In the order of `provided`: should the shares come to more than one, the last meal takes off what is left.
    left, deductions = rate.amount, {}
    for component, is_provided in provided.items():
        cut = (rate.amount * shares.get(component, Decimal(0))).rounded() if is_provided else nothing
        deductions[component] = cut if cut.amount <= left.amount else left
        left = left - deductions[component]
    why, facts = _sentence(rate, [component for component, given in provided.items() if given])
    return NightAmount(night, rate.amount, True, deductions, left, why, facts)


def _sentence(rate: Rate, provided: Sequence[str]) -> tuple[str, dict[str, Any]]:
    facts = {"source": rate.source, "from": rate.valid_from.isoformat()}
    if not provided:
        return N_("One night at the rate in force from %(from)s (%(source)s)."), facts
    return (
        N_("One night at the rate in force from %(from)s (%(source)s), less what was provided: %(provided)s."),
        facts | {"provided": ", ".join(provided)},
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
