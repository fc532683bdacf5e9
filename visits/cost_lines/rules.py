"""Headings and stages of costs, and how they add up in the budget's currency. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.errors import N_
from core.money import Money

# Of one event.
MOST = 1000


class CostHeading(StrEnum):
    """What money is spent on."""

    travel = "travel"
    lodging = "lodging"
    transfers = "transfers"
    meals = "meals"
    per_diem = "per-diem"
    interpretation = "interpretation"
    venue = "venue"
    visas = "visas"
    other = "other"


COST_HEADINGS: Mapping[CostHeading, str] = {
    CostHeading.travel: N_("Tickets"),
    CostHeading.lodging: N_("Hotel"),
    CostHeading.transfers: N_("Transfers"),
    CostHeading.meals: N_("Meals and coffee breaks"),
    CostHeading.per_diem: N_("Per diem"),
    CostHeading.interpretation: N_("Interpretation and translation"),
    CostHeading.venue: N_("Venue and equipment"),
    CostHeading.visas: N_("Visas and insurance"),
    CostHeading.other: N_("Other"),
}


class CostStage(StrEnum):
    """How far a cost is: a line that is booked stays beside the plan it came from."""

    planned = "planned"
    booked = "booked"
    actual = "actual"


COST_STAGES: Mapping[CostStage, str] = {
    CostStage.planned: N_("Planned"),
    CostStage.booked: N_("Booked"),
    CostStage.actual: N_("Actual"),
}


@dataclass(frozen=True)
class CostItem:
    """One amount with what it is for; `is_computed` where it follows from fares or rooms. Without `registration_id` it
    is the whole group's."""

    heading: CostHeading
    stage: CostStage
    amount: Money
    text: str = ""
    registration_id: UUID | None = None
    line_id: UUID | None = None
    is_computed: bool = False


@dataclass(frozen=True)
class CostTotals:
    """Sums in the budget's currency, by heading and by person; `unknown` are currencies without a rate, whose amounts
    are in no sum."""

    currency: str
    by_heading: Mapping[tuple[CostHeading, CostStage], Money]
    by_person: Mapping[tuple[UUID, CostStage], Money]
    unknown: Sequence[str]

    def of(self, heading: CostHeading, stage: CostStage) -> Money:
        return self.by_heading.get((heading, stage), Money.of_minor(0, self.currency))

    def of_person(self, registration_id: UUID, stage: CostStage) -> Money:
        return self.by_person.get((registration_id, stage), Money.of_minor(0, self.currency))

    def total(self, stage: CostStage) -> Money:
        sums = (amount for (_, one), amount in self.by_heading.items() if one is stage)
        return sum(sums, Money.of_minor(0, self.currency))

    @property
    def forecast(self) -> Money:
        """What the visit will cost as far as it is known: of each heading what is spent or
        booked, whichever is more, else what is planned."""
        whole = Money.of_minor(0, self.currency)
        for heading in CostHeading:
            actual, booked = self.of(heading, CostStage.actual), self.of(heading, CostStage.booked)
            known = max(actual, booked, key=lambda one: one.amount)
            whole += known if known.amount else self.of(heading, CostStage.planned)
        return whole


def converted(amount: Money, currency: str, rates: Mapping[str, Decimal]) -> Money | None:
    """In that currency, half up to its smallest unit; None where no rate is known. `rates` say what one unit of a
    currency is worth."""
    if amount.currency == currency:
        return amount.rounded()
    rate = rates.get(amount.currency)
    return None if rate is None else Money(amount.amount * rate, currency).rounded()


def totals(items: Iterable[CostItem], currency: str, rates: Mapping[str, Decimal]) -> CostTotals:
    """Each amount is converted once, by itself, and then added."""
    by_heading: dict[tuple[CostHeading, CostStage], Money] = {}
    by_person: dict[tuple[UUID, CostStage], Money] = {}
    unknown: set[str] = set()
    zero = Money.of_minor(0, currency)
    for item in items:
        amount = converted(item.amount, currency, rates)
        if amount is None:
            unknown.add(item.amount.currency)
            continue
        key = item.heading, item.stage
        by_heading[key] = by_heading.get(key, zero) + amount
        if item.registration_id is not None:
            whose = item.registration_id, item.stage
            by_person[whose] = by_person.get(whose, zero) + amount
    return CostTotals(currency, by_heading, by_person, sorted(unknown))


def shared(amount: Money, between: int) -> list[Money]:
    """An amount in as many parts that add up to it, the first ones a unit larger where it does not divide."""
    whole, rest = divmod(amount.minor, between)
    return [Money.of_minor(whole + (1 if number < rest else 0), amount.currency) for number in range(between)]
