"""One person's statement: lines of all kinds, their conversion, what was paid before, and what is left. Pure.

A statement is in the currency of payment; its lines are in the currencies of their rates. The total of each is
converted once, never its lines (`finance.rules.settlement.due`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from finance.missions.rules import EventFrame, KnownJourney, mission_of
from finance.rates.rules import DatedRates
from finance.rules.actuals import NO_RATES, CostCeiling, MonthlyRates
from finance.rules.facts import Mission, PaidReceipt, PayPlace
from finance.rules.lines import ONE, ZERO, Computation, LineHead, OpenLine, PayLine
from finance.rules.registry import RULE_SETS, compute
from finance.rules.settlement import due

# Lines of these kinds are costs on documents, not per diems.
RECEIPT, UNIT_COST = "receipt", "unit_cost"
MEAL_COMPONENTS = ("breakfast", "lunch", "dinner")


@dataclass(frozen=True)
class ConvertedTotal:
    """All that was earned in one currency, converted once: × `factor` ÷ `divisor`, both units for one euro, by a
    `source` of a `day`. In the currency of payment itself both are one and there is no source."""

    currency: str
    total: Decimal
    converted: Decimal
    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    source: str = ""
    day: date | None = None


@dataclass(frozen=True)
class StatementAdjustment:
    """What finance adds or takes off by hand, in the currency of payment, and why."""

    amount: Decimal
    reason: str


@dataclass(frozen=True)
class PersonStatement:
    """What one person gets of one event in one currency of payment.

    `earlier` is what approved sheets gave before, `advances` what was paid out already, both in that currency. While a
    line is open there is no total.
    """

    registration_id: UUID
    person_id: UUID
    name: str
    institution: str
    currency: str
    rule_set: str
    rule_version: int = 1
    institution_id: UUID | None = None
    grade: str = ""
    is_cash: bool = False
    lines: Sequence[PayLine] = ()
    open: Sequence[OpenLine] = ()
    totals: Sequence[ConvertedTotal] = ()
    adjustments: Sequence[StatementAdjustment] = ()
    advances: Decimal = ZERO
    earlier: Decimal = ZERO
    # Why a currency could not be converted; then the statement is open too.
    without_exchange: Sequence[str] = field(default=())

    @property
    def is_open(self) -> bool:
        return bool(self.open or self.without_exchange)

    @property
    def per_diems(self) -> list[PayLine]:
        return [line for line in self.lines if line.kind not in (RECEIPT, UNIT_COST)]

    @property
    def costs(self) -> list[PayLine]:
        """Receipts and unit costs."""
        return [line for line in self.lines if line.kind in (RECEIPT, UNIT_COST)]

    @property
    def units(self) -> int:
        """Nights, days or periods that pay; a bill of a hotel is none of its own."""
        return sum(line.kind != "bed" and (line.amount > 0 or bool(line.deductions)) for line in self.per_diems)

    def gross(self, currency: str) -> Decimal:
        """Of nights, days and periods in that currency, before anything comes off."""
        return sum((line.gross for line in self.per_diems if line.currency == currency), ZERO)

    @property
    def paid_costs(self) -> Decimal:
        """Receipts and unit costs in the currency of payment."""
        return sum((line.amount for line in self.costs if line.currency == self.currency), ZERO)

    def deducted(self, currency: str, components: Sequence[str]) -> Decimal:
        """What came off the lines in that currency for these components."""
        mine = (line.deductions for line in self.lines if line.currency == currency)
        return sum((deductions.get(name, ZERO) for deductions in mine for name in components), ZERO)

    @property
    def adjusted(self) -> Decimal:
        return sum((one.amount for one in self.adjustments), ZERO)

    @property
    def earned(self) -> Decimal | None:
        """Converted totals with adjustments, never below nothing; None while something is open."""
        if self.is_open:
            return None
        return max(ZERO, sum((one.converted for one in self.totals), ZERO) + self.adjusted)

    @property
    def balance(self) -> Decimal | None:
        """What is left of it after what was paid before and advances; below zero it is to be returned."""
        return None if self.earned is None else self.earned - self.earlier - self.advances

    @property
    def to_pay(self) -> Decimal | None:
        return None if self.balance is None else max(ZERO, self.balance)

    @property
    def to_return(self) -> Decimal | None:
        return None if self.balance is None else max(ZERO, -self.balance)


def statement_told(one: PersonStatement) -> dict[str, Any]:
    """A statement as a document: exact amounts as text; without its lines, which are kept as rows, and the name."""
    return {
        "person": str(one.person_id),
        "institution_id": str(one.institution_id) if one.institution_id else None,
        "rule_set": one.rule_set,
        "rule_version": one.rule_version,
        "grade": one.grade,
        "is_cash": one.is_cash,
        "totals": [
            {
                "currency": total.currency,
                "total": str(total.total),
                "converted": str(total.converted),
                "factor": str(total.factor),
                "divisor": str(total.divisor),
                "source": total.source,
                "day": total.day.isoformat() if total.day else None,
            }
            for total in one.totals
        ],
        "adjustments": [{"amount": str(each.amount)} for each in one.adjustments],
        "advances": str(one.advances),
        "earlier": str(one.earlier),
    }


def statement_meant(
    said: Mapping[str, Any],
    *,
    registration_id: UUID,
    name: str,
    institution: str,
    currency: str,
    lines: Sequence[PayLine],
    reasons: Sequence[str] = (),
) -> PersonStatement:
    """The counterpart of `statement_told`; `reasons` are those of the adjustments, which are kept sealed."""
    return PersonStatement(
        registration_id,
        UUID(said["person"]),
        name,
        institution,
        currency,
        said["rule_set"],
        said["rule_version"],
        UUID(said["institution_id"]) if said["institution_id"] else None,
        said["grade"],
        said["is_cash"],
        lines,
        (),
        [
            ConvertedTotal(
                total["currency"],
                Decimal(total["total"]),
                Decimal(total["converted"]),
                Decimal(total["factor"]),
                Decimal(total["divisor"]),
                total["source"],
                date.fromisoformat(total["day"]) if total["day"] else None,
            )
            for total in said["totals"]
        ],
        [
            StatementAdjustment(Decimal(each["amount"]), reasons[n] if n < len(reasons) else "")
            for n, each in enumerate(said["adjustments"])
        ],
        Decimal(said["advances"]),
        Decimal(said["earlier"]),
    )


def converted(
    currency: str, total: Decimal, pay_currency: str, factor: Decimal, divisor: Decimal, source: str, day: date | None
) -> ConvertedTotal:
    """A total converted and rounded once."""
    found = due([total], currency=currency, pay_currency=pay_currency, factor=factor, divisor=divisor)
    return ConvertedTotal(currency, total, found.converted_total, factor, divisor, source, day)


@dataclass(frozen=True)
class UnitCost:
    """A fixed sum for the whole journey there and back, whatever the means; `label` says by which distance or list."""

    day: date
    label: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class PersonFacts:
    """All that one person's statement rests on; sums that are in several currencies stand by their code."""

    registration_id: UUID
    person_id: UUID
    name: str
    institution: str
    journey: KnownJourney
    institution_id: UUID | None = None
    grade: str = ""
    is_cash: bool = False
    receipts: Sequence[PaidReceipt] = ()
    unit_costs: Sequence[UnitCost] = ()
    adjustments: Mapping[str, Sequence[StatementAdjustment]] = field(default_factory=dict)
    advances: Mapping[str, Decimal] = field(default_factory=dict)
    earlier: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchanged:
    """What converts one currency into another: × `factor` ÷ `divisor`, units of each for one euro."""

    factor: Decimal
    divisor: Decimal
    source: str
    day: date


@dataclass(frozen=True)
class PayBasis:
    """By what everybody at an event is paid. `rates` are those for a grade, `exchange` converts from one currency into
    another or answers None; `switches` are as the rule set takes them."""

    rule_set: str
    frame: EventFrame
    rates: Callable[[str], DatedRates]
    switches: Mapping[str, Any] = field(default_factory=dict)
    pay_currency: str = ""
    receipt_currency: str = "EUR"
    ceilings: Sequence[CostCeiling] = ()
    monthly: MonthlyRates = NO_RATES
    exchange: Callable[[str, str], Exchanged | None] = lambda currency, into: None

    @property
    def version(self) -> int:
        return RULE_SETS[self.rule_set].version


def statements_of(facts: PersonFacts, basis: PayBasis) -> list[PersonStatement]:
    """One statement for each currency in which the person is paid; none for whom there is nothing to say."""
    found = [*_per_diems(facts, basis), *_costs(facts, basis)]
    lines: dict[str, list[PayLine]] = {}
    open_lines: dict[str, list[OpenLine]] = {}
    for one in found:
        pays_in = basis.pay_currency or one.currency
        lines.setdefault(pays_in, []).extend(one.lines)
        open_lines.setdefault(pays_in, []).extend(one.open)
    others = {currency for currency, amount in facts.earlier.items() if amount} | facts.adjustments.keys()
    currencies = [currency for currency, here in lines.items() if here or open_lines[currency]]
    currencies += sorted(others - set(currencies))
    advances, lost = _advances(facts, currencies, basis)
    currencies += sorted(advances.keys() - set(currencies))
    return [
        _statement(facts, basis, currency, lines.get(currency, []), open_lines.get(currency, []), advances, lost)
        for currency in currencies
    ]


def taken_back(facts: PersonFacts, basis: PayBasis) -> list[PersonStatement]:
    """For whom nothing is paid any more: all that sheets gave and advances paid is to be returned."""
    currencies = sorted(currency for currency, amount in facts.earlier.items() if amount)
    advances, lost = _advances(facts, currencies, basis)
    currencies += sorted(advances.keys() - set(currencies))
    return [_statement(facts, basis, currency, [], [], advances, lost) for currency in currencies]


def _statement(
    facts: PersonFacts,
    basis: PayBasis,
    currency: str,
    lines: Sequence[PayLine],
    open_lines: Sequence[OpenLine],
    advances: Mapping[str, Decimal],
    lost: Sequence[str],
) -> PersonStatement:
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, ZERO) + line.amount
    totals, without = [], list(lost)
    for code, total in sums.items():
        if code == currency:
            totals.append(ConvertedTotal(code, total, total))
            continue
        rate = basis.exchange(code, currency)
        if rate is None and total:
            without.append(code)
        elif rate is not None:
            totals.append(converted(code, total, currency, rate.factor, rate.divisor, rate.source, rate.day))
    return PersonStatement(
        facts.registration_id,
        facts.person_id,
        facts.name,
        facts.institution,
        currency,
        basis.rule_set,
        basis.version,
        facts.institution_id,
        facts.grade,
        facts.is_cash,
        lines,
        open_lines,
        totals,
        facts.adjustments.get(currency, ()),
        advances.get(currency, ZERO),
        facts.earlier.get(currency, ZERO),
        without,
    )


def _per_diems(facts: PersonFacts, basis: PayBasis) -> list[Computation]:
    """By the rule set, once for each currency in which the places of the journey have their rates."""
    rates = basis.rates(facts.grade)
    mission = mission_of(basis.frame, facts.journey, unit=str(basis.switches.get("unit", "day")))
    rule = RULE_SETS[basis.rule_set]
    if rule.needs_absence and mission.away is None and not mission.nights and not facts.journey.legs:
        # Nothing at all is known of a journey: nobody says yet that there was one.
        return []
    usual = next((row.currency for row in rates.rows), basis.receipt_currency)
    found = compute(basis.rule_set, mission, rates, usual, basis.switches)
    currencies = list(dict.fromkeys(line.found.row.currency for line in found.lines if line.found))
    if not currencies or currencies == [usual]:
        return [found]
    each = [compute(basis.rule_set, mission, rates, currency, basis.switches) for currency in currencies]
    return [
        Computation(
            currency,
            [line for line in one.lines if (line.found.row.currency if line.found else currencies[0]) == currency],
            one.open if currency == currencies[0] else (),
        )
        for currency, one in zip(currencies, each, strict=True)
    ]


def _costs(facts: PersonFacts, basis: PayBasis) -> list[Computation]:
    pays_in = basis.pay_currency or basis.receipt_currency
    found = []
    if facts.receipts:
        switches = {"ceilings": basis.ceilings, "exchange": basis.monthly}
        found.append(compute("actuals", Mission(receipts=facts.receipts), DatedRates(()), pays_in, switches))
    for one in facts.unit_costs:
        line = LineHead(UNIT_COST, one.day, PayPlace(one.label), one.currency).paid(None, "1", one.amount)
        found.append(Computation(one.currency, [line]))
    return found


def _advances(facts: PersonFacts, currencies: Sequence[str], basis: PayBasis) -> tuple[dict[str, Decimal], list[str]]:
    """Advances by currency of payment, those in another currency taken into the first; and what has no rate."""
    found: dict[str, Decimal] = {}
    lost: list[str] = []
    for currency, amount in facts.advances.items():
        into = currency if currency in currencies or not currencies else currencies[0]
        rate = Exchanged(ONE, ONE, "", date.min) if into == currency else basis.exchange(currency, into)
        if rate is None:
            lost.append(currency)
            continue
        taken = converted(currency, amount, into, rate.factor, rate.divisor, rate.source, rate.day).converted
        found[into] = found.get(into, ZERO) + taken
    return found, lost
