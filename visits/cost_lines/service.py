"""Keeping a visit's budget and costs, with what fares and rooms cost."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import N_, NotAllowed, Unacceptable
from core.i18n import Words
from core.money import Money
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.service import get_event, lock_event_for
from visits.cost_lines.models import CostLine, VisitBudget
from visits.cost_lines.rules import COST_HEADINGS, MOST, CostHeading, CostItem, CostStage, CostTotals, shared, totals
from visits.cost_lines.schemas import BudgetIn, CostLineIn
from visits.costs.rules import MeasuredDistance, measure
from visits.hotels.models import RoomBlock
from visits.hotels.service import list_blocks
from visits.journeys.composition import travelled_by, ways_in
from visits.legs.models import Leg, LegPassenger
from visits.legs.rules import FarePayer
from visits.legs.service import legs_of, legs_with_passengers, people_of
from visits.project_settings.service import settings_of
from visits.stays.service import list_beds
from visits.travel_settings import TravelSettings


@dataclass(frozen=True)
class VisitCosts:
    """All that a visit costs, who travels or has cost something and has no place any more, and the unit costs of their
    journeys."""

    event: Event
    budget: VisitBudget
    items: Sequence[CostItem]
    totals: CostTotals
    people: Sequence[tuple[Registration, Person]]
    measured: dict[UUID, MeasuredDistance]

    @property
    def names(self) -> dict[UUID, str]:
        return {registration.id: person.name for registration, person in self.people}


async def costs_of(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> VisitCosts:
    """Lines that were written down, then what fares and rooms cost; a constant number of queries. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    _must_read_money(event, caller)
    budget = await _budget(db, event_id) or VisitBudget(event_id=event_id, changed_at=at)
    people = [(registration, person) for registration, person, _ in await list_confirmed(db, event_id)]
    placed = {registration.id for registration, _ in people}
    everybodys = [(leg, one) for leg, those in await legs_with_passengers(db, event_id) for one in those]
    on_legs = [(leg, one) for leg, one in everybodys if one.registration_id in placed]
    items = [_written(line) for line in await _lines(db, event_id)]
    # A ticket of somebody who was replaced costs what it costs until it is cancelled.
    items += _fares(everybodys)
    items += await _rooms(db, event_id)
    # Whose costs stay though they have no place any more.
    people += await people_of(db, {item.registration_id for item in items if item.registration_id} - placed)
    rates = {code: Decimal(value) for code, value in budget.rates.items()}
    settings = await settings_of(db, event.project_id)
    measured = _measured(event, on_legs, budget.calculated_km, settings)
    return VisitCosts(event, budget, items, totals(items, budget.currency, rates), people, measured)


def cost_sorts(found: VisitCosts, say: Words) -> Mapping[str, Callable[[CostItem], Any]]:
    """What a list of costs may be ordered by; headings by their names in that language, amounts by currency first."""
    names = {registration.id: person.sort_key for registration, person in found.people}
    return {
        "heading": lambda one: sort_key(say.translate(COST_HEADINGS[one.heading])),
        "stage": lambda one: list(CostStage).index(one.stage),
        "text": lambda one: one.text and sort_key(one.text),
        "name": lambda one: names.get(one.registration_id) if one.registration_id else None,
        "amount": lambda one: (one.amount.currency, one.amount.amount),
    }


def person_sorts(found: VisitCosts) -> Mapping[str, Callable[[tuple[Registration, Person]], Any]]:
    """What the table of people may be ordered by: sums in the budget's currency, and the way that unit costs go by."""

    def way_of(one: tuple[Registration, Person]) -> MeasuredDistance | None:
        return found.measured.get(one[0].id)

    return {
        "person": lambda one: one[1].sort_key,
        "booked": lambda one: found.totals.of_person(one[0].id, CostStage.booked).amount,
        "actual": lambda one: found.totals.of_person(one[0].id, CostStage.actual).amount,
        "way": lambda one: (way := way_of(one)) and sort_key(f"{way.origin} {way.destination}".strip()),
        "distance": lambda one: (way := way_of(one)) and way.km,
        "unit": lambda one: (way := way_of(one)) and way.amount,
    }


async def distances_of(db: AsyncSession, event: Event, registrations: Collection[UUID]) -> dict[UUID, MeasuredDistance]:
    """How far these people travel, where their legs say it: the distance that unit costs go by."""
    budget = await _budget(db, event.id)
    on_legs = await legs_of(db, registrations)
    settings = await settings_of(db, event.project_id)
    return _measured(event, on_legs, budget.calculated_km if budget else None, settings)


async def save_budget(
    db: AsyncSession, event_id: UUID, given: BudgetIn, caller: Caller, *, at: datetime
) -> VisitBudget:
    """What the visit may cost, and what other currencies are worth."""
    event = await lock_event_for(db, event_id, caller)
    _must_read_money(event, caller)
    budget = await _budget(db, event_id) or VisitBudget(event_id=event_id, changed_at=at)
    budget.budget_line, budget.currency = given.budget_line, given.currency
    budget.amount_minor = None if given.amount is None else Money(given.amount, given.currency).minor
    budget.rates, budget.calculated_km, budget.changed_at = given.by_currency, given.calculated_km, at
    db.add(budget)
    _note(db, event, "costs.budget", caller, at=at)
    await db.flush()
    return budget


async def get_line(db: AsyncSession, line_id: UUID, caller: Caller) -> tuple[CostLine, Event]:
    """Raises NotFound, also for staff of another project."""
    line, event = await get_with_event(db, CostLine, line_id, caller)
    _must_read_money(event, caller)
    return line, event


async def add_line(db: AsyncSession, event_id: UUID, given: CostLineIn, caller: Caller, *, at: datetime) -> CostLine:
    """Raises NotFound, Unacceptable beside the field."""
    event = await lock_event_for(db, event_id, caller)
    _must_read_money(event, caller)
    await _must_travel(db, event, given.registration_id)
    if len(await _lines(db, event_id)) >= MOST:
        raise Unacceptable("text", N_("More than %(count)s lines are not kept."), count=MOST)
    line = CostLine(event_id=event_id, created_at=at, **_values(given))
    db.add(line)
    _note(db, event, "cost.added", caller, at=at)
    await db.flush()
    return line


async def change_line(db: AsyncSession, line_id: UUID, given: CostLineIn, caller: Caller, *, at: datetime) -> CostLine:
    """Raises NotFound, Unacceptable beside the field."""
    line, event = await get_line(db, line_id, caller)
    await _must_travel(db, event, given.registration_id)
    line.sqlmodel_update(_values(given))
    _note(db, event, "cost.changed", caller, at=at)
    await db.flush()
    return line


async def remove_line(db: AsyncSession, line_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns the event."""
    line, event = await get_line(db, line_id, caller)
    await db.delete(line)
    _note(db, event, "cost.removed", caller, at=at)
    await db.flush()
    return event.id


def _values(given: CostLineIn) -> dict[str, Any]:
    return given.model_dump(exclude={"amount"}) | {"amount_minor": Money(given.amount, given.currency).minor}


async def _budget(db: AsyncSession, event_id: UUID) -> VisitBudget | None:
    return (await db.exec(select(VisitBudget).where(VisitBudget.event_id == event_id))).first()


async def _lines(db: AsyncSession, event_id: UUID) -> list[CostLine]:
    found = await db.exec(
        select(CostLine).where(CostLine.event_id == event_id).order_by(col(CostLine.heading), col(CostLine.id))
    )
    return list(found.all())


def _written(line: CostLine) -> CostItem:
    return CostItem(line.heading, line.stage, line.amount, line.text, line.registration_id, line.id)


def _fares(on_legs: Sequence[tuple[Leg, LegPassenger]]) -> list[CostItem]:
    """Fares that the project pays of legs that people are on."""
    return [
        CostItem(
            CostHeading.travel,
            CostStage.booked,
            Money.of_minor(one.fare_minor, one.fare_currency),
            leg.label,
            one.registration_id,
            is_computed=True,
        )
        for leg, one in on_legs
        if one.fare_minor and one.paid_by is FarePayer.project and one.is_travelling and leg.cancelled_at is None
    ]


async def room_costs(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> list[tuple[UUID, date, Money]]:
    """What rooms cost by the rate of their block, each night in equal parts for those who sleep in it, by
    registration, of everybody or of one: two queries."""
    blocks = await list_blocks(db, event_id)
    guests: dict[tuple[UUID, date], list[UUID]] = defaultdict(list)
    rooms = {}
    for stay, _, room in await list_beds(db, event_id):
        if room is None:
            continue
        rooms[room.id] = room
        for number in range((stay.check_out - stay.check_in).days):
            guests[room.id, stay.check_in + timedelta(days=number)].append(stay.registration_id)
    found = []
    for (room_id, night), people in guests.items():
        rate = _rate(blocks, rooms[room_id].hotel_id, rooms[room_id].room_type, night)
        parts = shared(rate, len(people)) if rate else ()
        found += [(person, night, part) for person, part in zip(people, parts, strict=False)]
    return [one for one in found if only in (None, one[0])]


async def _rooms(db: AsyncSession, event_id: UUID) -> list[CostItem]:
    """The whole of that by person and currency."""
    sums: dict[tuple[UUID, str], Money] = {}
    for person, _, part in await room_costs(db, event_id):
        key = person, part.currency
        sums[key] = sums.get(key, Money.zero(part.currency)) + part
    return [
        CostItem(CostHeading.lodging, CostStage.booked, amount, "", person, is_computed=True)
        for (person, _), amount in sums.items()
    ]


def _rate(blocks: Sequence[RoomBlock], hotel_id: UUID, room_type: object, night: date) -> Money | None:
    for block in blocks:
        is_it = block.hotel_id == hotel_id and block.room_type == room_type
        if is_it and block.check_in <= night < block.check_out and block.rate is not None:
            return block.rate
    return None


def _measured(
    event: Event,
    on_legs: Sequence[tuple[Leg, LegPassenger]],
    calculated_km: int | None,
    settings: TravelSettings,
) -> dict[UUID, MeasuredDistance]:
    """From the first place of each way there to the first in the country of the visit, else to the farthest one. Of
    whom no way there is known, nothing is measured."""
    found = {}
    for registration_id, theirs in travelled_by(on_legs).items():
        way = ways_in(event, theirs).there
        if not way:
            continue
        there = next((leg.destination for leg in way if leg.destination.country == event.country), way[-1].destination)
        distance = measure(way[0].origin, there, calculated_km=calculated_km, settings=settings)
        if distance is not None and distance.km:
            found[registration_id] = distance
    return found


def _must_read_money(event: Event, caller: Caller) -> None:
    """Whoever plans without reading money (assistants) enters no costs either. Raises NotAllowed."""
    if not caller.may(Right.money, event.project_id):
        raise NotAllowed()


async def _must_travel(db: AsyncSession, event: Event, registration_id: UUID | None) -> None:
    if registration_id is None:
        return
    registration = await db.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise Unacceptable("registration_id", N_("Choose somebody who has a place at this event."))


def _note(db: AsyncSession, event: Event, act: str, caller: Caller, *, at: datetime) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature)
