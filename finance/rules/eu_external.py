"""The per diem of the European Union’s external actions. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.errors import N_, Refusal
from core.money import Money
from finance.rates.rules import Rate

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
