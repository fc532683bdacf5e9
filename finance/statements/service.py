"""Working out everybody's statement from what is known of an event: a constant number of queries."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.zones import day_in
from directory.people.models import Institution, Person
from directory.projects.models import Project
from events.attendance.records.rules import HalfDay
from events.attendance.records.service import is_any_signed, signatures
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from finance.absences.models import Absence
from finance.absences.service import absences_of
from finance.adjustments.models import Adjustment
from finance.adjustments.service import adjustments_of
from finance.advances.models import Advance
from finance.advances.service import advances_of
from finance.exchange.rules import (
    ExchangeRates,
    ExchangeSource,
    day_that_counts,
    find_exchange,
    monthly_per_euro,
)
from finance.exchange.service import exchange_rates, get_rule
from finance.missions.rules import EventFrame, KnownJourney, NightsStayed, usual_place
from finance.missions.service import (
    home_on_file,
    homes_by_person,
    legs_by_person,
    meals_by_person,
    nights_by_person,
    places_of,
    slept_in,
    with_room_costs,
)
from finance.pay_rules.models import PayRules
from finance.pay_rules.rules import BEDS_ON_BILL, as_rules_take
from finance.pay_rules.service import pay_rules_of
from finance.payees.models import PayeeDetails
from finance.payees.rules import PayMethod
from finance.payees.service import payees_of
from finance.rates.service import project_rates
from finance.receipts.models import Receipt
from finance.receipts.rules import ReceiptKind, ReceiptState, cost_ceilings, missing_of_receipt, payable
from finance.receipts.service import ceilings_of, receipts_of
from finance.rules.actuals import NO_RATES, MonthlyRates
from finance.rules.facts import PaidReceipt, PayPlace, ProvidedMeal
from finance.rules.lines import ZERO
from finance.statements.rules import (
    Exchanged,
    PayBasis,
    PersonFacts,
    PersonStatement,
    StatementAdjustment,
    UnitCost,
    statements_of,
    taken_back,
)
from finance.unit_costs.models import UnitCostClaim
from finance.unit_costs.service import unit_costs_of
from visits.cost_lines.service import room_costs
from visits.stays.service import list_stays
from visits.travel_types import TravelLeg

# As sheets and their files name where a rate is from.
TOLD_BY = {
    ExchangeSource.ecb: "ECB",
    ExchangeSource.inforeuro: "InforEuro",
    ExchangeSource.tcmb_selling: "TCMB (döviz satış)",
    ExchangeSource.tcmb_banknote: "TCMB (efektif satış)",
    ExchangeSource.none: "",
}
# By registration and currency of payment.
Earlier = Mapping[UUID, Mapping[str, Any]]


@dataclass(frozen=True)
class EventStatements:
    """What everybody at an event gets, by what it was worked out, and what it lacks.

    `is_signed` says whether any attendance is recorded; `decides` whether it decides what is paid.
    """

    statements: Sequence[PersonStatement]
    basis: PayBasis
    rules: PayRules
    decides: bool
    is_signed: bool
    people: int


@dataclass(frozen=True)
class _KnownOfEach:
    """What is known of everybody, by registration."""

    signed: Mapping[UUID, frozenset[HalfDay]]
    decides: bool
    legs: Mapping[UUID, Sequence[TravelLeg]]
    stays: Mapping[UUID, Sequence[NightsStayed]]
    homes: Mapping[UUID, PayPlace]
    meals: Mapping[UUID, Sequence[ProvidedMeal]]
    absences: Mapping[UUID, Absence]
    payees: Mapping[UUID, PayeeDetails]
    receipts: Mapping[UUID, Sequence[Receipt]]
    adjustments: Mapping[UUID, Sequence[Adjustment]]
    advances: dict[UUID, list[Advance]]
    units: Mapping[UUID, UnitCostClaim]


async def work_out(
    db: AsyncSession, event: Event, project: Project, earlier: Earlier, *, only: UUID | None = None, at: datetime
) -> EventStatements:
    """`earlier` is what approved sheets gave before; exchange rates are those of a submission now. `only` is one
    registration: then nothing sealed of anybody else is read. Nothing is written."""
    people = await list_confirmed(db, event.id, only=only)
    rules = await pay_rules_of(db, project.id)
    signed = await signatures(db, event.id, None if only is None else [only])
    is_signed = bool(signed) or (only is not None and await is_any_signed(db, event.id))
    stays = nights_by_person(await list_stays(db, event.id, only=only))
    basis = await _basis(db, event, project, rules, await slept_in(db, event.id) if only else places_of(stays))
    if basis.switches.get("bed_mode") == "actual_cost":
        stays = with_room_costs(stays, await room_costs(db, event.id, only=only), _currency_of(basis))
    known = _KnownOfEach(
        signed,
        project.requires_attendance and is_signed,
        await legs_by_person(db, event.id, only),
        stays,
        await homes_by_person(db, event.id, only),
        await meals_by_person(db, event, people),
        await absences_of(db, event.id, only=only),
        await payees_of(db, event.id, only=only),
        await receipts_of(db, event.id, only=only),
        await adjustments_of(db, event.id, only=only),
        await advances_of(db, event.id, only=only),
        await unit_costs_of(db, event.id, only=only),
    )
    exchange = await _exchange(db, event, project, at=at)
    pays_in = basis.pay_currency or basis.receipt_currency
    basis = replace(basis, exchange=exchange.into, monthly=exchange.monthly(known.receipts, pays_in))
    gone = await _gone(db, event.id, people, earlier, known.advances)
    now = {person.id: registration.id for registration, person, _ in people}
    former = {registration.id: now[person.id] for registration, person, _ in gone if person.id in now}
    earlier = _by_present_place(former, earlier)
    for before, present in former.items():
        known.advances.setdefault(present, []).extend(known.advances.pop(before, ()))
    facts = [_facts_of(row, event, known, basis, rules, earlier) for row in people]
    gone = [row for row in gone if row[0].id not in former]
    gone += [row for row in people if _was_advanced_in_vain(row[0].id, known, earlier)]
    left = [_left(row, known, earlier) for row in gone]
    found = await asyncio.to_thread(lambda: [one for each in facts if each for one in statements_of(each, basis)])
    found += [one for each in left for one in taken_back(each, basis)]
    return EventStatements(found, basis, rules, known.decides, is_signed, len(people))


def _facts_of(
    row: tuple[Registration, Person, Institution | None],
    event: Event,
    known: _KnownOfEach,
    basis: PayBasis,
    rules: PayRules,
    earlier: Earlier,
) -> PersonFacts | None:
    """All that one person's statement rests on; None for who asks for no payment."""
    registration, person, institution = row
    id = registration.id
    payee, absence, unit = known.payees.get(id), known.absences.get(id), known.units.get(id)
    if payee and payee.method is PayMethod.waived:
        return None
    bills, costs = _split(known.receipts.get(id, ()), basis)
    days = frozenset(day for day, _ in known.signed.get(id, frozenset()))
    journey = KnownJourney(
        _told_home(payee) or known.homes.get(id) or home_on_file(person, rules.home_country),
        known.legs.get(id, ()),
        known.stays.get(id, ()),
        known.meals[id],
        days if known.decides else None,
        absence.away if absence else None,
        bills,
    )
    return replace(
        _facts(registration, person, institution, journey, payee, earlier.get(id, {})),
        receipts=costs,
        adjustments=_adjusted(known.adjustments.get(id, ())),
        advances=_summed(known.advances.get(id, ())),
        unit_costs=[_unit_cost(unit, event)] if unit else [],
    )


def _was_advanced_in_vain(id: UUID, known: _KnownOfEach, earlier: Earlier) -> bool:
    """Whether somebody got an advance who asks for no payment, and no approved sheet has accounted for it."""
    payee = known.payees.get(id)
    return payee is not None and payee.method is PayMethod.waived and id in known.advances and id not in earlier


def _left(row: tuple[Registration, Person, Institution | None], known: _KnownOfEach, earlier: Earlier) -> PersonFacts:
    """Who has no place any more, or asks for no payment: only what was given."""
    registration, person, institution = row
    facts = _facts(registration, person, institution, KnownJourney(), None, earlier.get(registration.id, {}))
    return replace(facts, advances=_summed(known.advances.get(registration.id, ())))


async def _gone(
    db: AsyncSession,
    event_id: UUID,
    people: Sequence[tuple[Registration, Person, Institution | None]],
    earlier: Earlier,
    advances: Mapping[UUID, Sequence[Advance]],
) -> list[tuple[Registration, Person, Institution | None]]:
    """Who has no place any more and was given money: by approved sheets or as an advance."""
    given = {id for id, by_currency in earlier.items() if any(by_currency.values())} | advances.keys()
    ids = given - {registration.id for registration, _, _ in people}
    if not ids:
        return []
    found = await db.exec(
        select(Registration, Person, Institution)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(Registration.event_id == event_id, col(Registration.id).in_(ids))
        .order_by(col(Person.sort_key), col(Registration.id))
    )
    return list(found)


def _by_present_place(former: Mapping[UUID, UUID], earlier: Earlier) -> dict[UUID, dict[str, Any]]:
    """What was given, with what somebody got by a place of before under the place that they have now."""
    found = {id: dict(by_currency) for id, by_currency in earlier.items()}
    for before, present in former.items():
        mine = found.setdefault(present, {})
        for currency, amount in found.pop(before, {}).items():
            mine[currency] = mine.get(currency, ZERO) + amount
    return found


def _facts(
    registration: Registration,
    person: Person,
    institution: Institution | None,
    journey: KnownJourney,
    payee: PayeeDetails | None,
    earlier: Mapping[str, Any],
) -> PersonFacts:
    return PersonFacts(
        registration.id,
        person.id,
        person.name,
        institution.name if institution else "",
        journey,
        institution.id if institution else None,
        payee.grade if payee else "",
        payee is not None and payee.method is PayMethod.cash,
        earlier=earlier,
    )


async def _basis(
    db: AsyncSession, event: Event, project: Project, rules: PayRules, slept: Sequence[PayPlace]
) -> PayBasis:
    rule_set = rules.rule_set(event.country)
    frame = EventFrame(
        event.first_day,
        event.last_day,
        usual_place(event.country, slept),
        event.zone,
        rules.official_days,
        rules.assumes_nights,
    )
    own = rules.own_switches(event.country)
    ceilings = await ceilings_of(db, project.id)
    rates = await project_rates(db, project.id)
    by_grade = {}

    def dated(grade: str) -> Any:
        wanted = grade or str(own.get("column", ""))
        if wanted not in by_grade:
            by_grade[wanted] = rates.dated(rule_set, contract_date=rules.contract_date, grade=wanted)
        return by_grade[wanted]

    return PayBasis(
        rule_set,
        frame,
        dated,
        as_rules_take(rule_set, own, project.shares),
        rules.pay_currency,
        rules.receipt_currency,
        cost_ceilings(ceilings, rules.pay_currency or rules.receipt_currency),
    )


def _currency_of(basis: PayBasis) -> str:
    """That of the rates."""
    return next((row.currency for row in basis.rates("").rows), "")


def _split(receipts: Sequence[Receipt], basis: PayBasis) -> tuple[dict[date, Decimal], list[PaidReceipt]]:
    """Bills of hotels by night, where the rule set pays a bed on its bill, and all other receipts.

    Only an accepted bill with its day and in the currency of the rates is one; else it stays among the receipts.
    """
    bills: dict[date, Decimal] = {}
    others = []
    takes_bills = basis.rule_set in BEDS_ON_BILL
    currency = _currency_of(basis)
    for one in receipts:
        amount = one.amount
        is_bill = takes_bills and one.kind is ReceiptKind.hotel and not missing_of_receipt(one)
        if is_bill and one.state is ReceiptState.accepted and one.day and amount and amount.currency == currency:
            bills[one.day] = bills.get(one.day, ZERO) + amount.amount
        else:
            others.append(one)
    return bills, payable(others)


@dataclass(frozen=True)
class _Exchange:
    """The project's exchange rates on the day that counts."""

    rates: ExchangeRates | None
    day: date

    def into(self, currency: str, other: str) -> Exchanged | None:
        """What converts one currency into another; None where the source does not tell it."""
        found = find_exchange(self.rates, currency, other, self.day) if self.rates else None
        if found is None:
            return None
        return Exchanged(found.factor, found.divisor, TOLD_BY[found.source], found.day)

    def monthly(self, receipts: Mapping[UUID, Sequence[Receipt]], into: str) -> MonthlyRates:
        """Rates for the months of receipts, of their currencies and the one that they are converted into."""
        dated = [one for mine in receipts.values() for one in mine if one.day and one.currency]
        if self.rates is None or not dated:
            return NO_RATES
        months = {f"{one.day:%Y-%m}" for one in dated}
        return MonthlyRates(monthly_per_euro(self.rates, months, {one.currency for one in dated} | {into}))


async def _exchange(db: AsyncSession, event: Event, project: Project, *, at: datetime) -> _Exchange:
    rule = await get_rule(db, project.id)
    day = day_that_counts(rule.day, event_end=event.last_day, submitted=day_in(project.zone, at=at))
    if rule.source is ExchangeSource.none:
        return _Exchange(None, day)
    return _Exchange(await exchange_rates(db, project.id, rule.source), day)


def _summed(advances: Sequence[Advance]) -> dict[str, Decimal]:
    """What was paid out before, by currency."""
    sums: dict[str, Decimal] = {}
    for one in advances:
        sums[one.currency] = sums.get(one.currency, ZERO) + one.amount.amount
    return sums


def _adjusted(adjustments: Sequence[Adjustment]) -> dict[str, list[StatementAdjustment]]:
    """By currency of payment."""
    found: dict[str, list[StatementAdjustment]] = {}
    for one in adjustments:
        found.setdefault(one.currency, []).append(StatementAdjustment(one.amount.amount, one.reason))
    return found


def _unit_cost(unit: UnitCostClaim, event: Event) -> UnitCost:
    label = f"{unit.distance_km} km" if unit.distance_km else unit.source
    return UnitCost(event.first_day, label, unit.amount.amount, unit.currency)


def _told_home(payee: PayeeDetails | None) -> PayPlace | None:
    return PayPlace(payee.home_country, payee.home_city) if payee and payee.home_country else None
