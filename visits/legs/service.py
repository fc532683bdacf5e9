"""Entering legs, saying who travels on them, and reading them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.ids import new_id
from core.money import Money
from core.rows import add_rows
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import takes_part
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from events.programme.lifecycle.rules import Shift
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import leg_values, must_be_of_event
from visits.legs.rules import (
    BOUGHT,
    ISSUED,
    TRAVELLING,
    FarePayer,
    LegIsCancelled,
    PassengerState,
    TicketIsIssued,
    TicketOfOrganiser,
)
from visits.legs.schemas import LegIn, PassengerIn

LEGS = N_("Legs that do not move: they are booked, and have to be booked anew")
# Of one event; a delegation of two hundred has some twelve hundred, each of several people.
MOST = 5000

Passengers = dict[UUID, list[LegPassenger]]


async def add_leg(
    db: AsyncSession,
    event_id: UUID,
    given: LegIn,
    registrations: Sequence[UUID],
    state: PassengerState,
    caller: Caller,
    *,
    at: datetime,
) -> Leg:
    """Put people with a place on a leg, as an organiser. If the same leg is there, they join it.

    Raises NotFound, Unacceptable beside the field, EventIsOver.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    await _must_take_part(db, event_id, registrations)
    leg = await _place_on_leg(db, event, given, registrations, state, at=at)
    _note(db, "leg.added", event, leg, caller.signature["by"], at=at, people=len(registrations))
    await db.flush()
    return leg


async def add_passengers(
    db: AsyncSession,
    leg_id: UUID,
    registrations: Sequence[UUID],
    state: PassengerState,
    caller: Caller,
    *,
    at: datetime,
) -> int:
    """Put people with a place on a leg that is there; how many of them were not on it before.

    Raises NotFound, LegIsCancelled, Unacceptable beside the field, EventIsOver.
    """
    leg, event = await get_leg(db, leg_id, caller, lock=True)
    must_take_place(event.state)
    if leg.cancelled_at:
        raise LegIsCancelled()
    await _must_take_part(db, event.id, registrations)
    joined = await _join(db, leg, registrations, state, at=at)
    if joined:
        _note(db, "leg.joined", event, leg, caller.signature["by"], at=at, people=joined)
    await db.flush()
    return joined


async def add_own_leg(
    db: AsyncSession, event: Event, registration: Registration, given: LegIn, state: PassengerState, *, at: datetime
) -> Leg:
    """A leg as the traveller tells it, for themselves alone; the event is locked. Raises Unacceptable.

    A ticket that they enter is their own affair, and they may take it back; of a leg on which somebody has put them
    before, nothing changes."""
    paid_by = FarePayer.participant if state in ISSUED else FarePayer.project
    leg = await _place_on_leg(db, event, given, [registration.id], state, at=at, paid_by=paid_by)
    _note(db, "leg.told", event, leg, audit.Actor.person(registration.person_id), at=at, people=1)
    await db.flush()
    return leg


async def leave_own_leg(
    db: AsyncSession, event: Event, registration: Registration, leg_id: UUID, contact: str, *, at: datetime
) -> None:
    """`leave_leg` by the traveller: what is paid for is given up by those who booked it, whose `contact` is named.

    Raises NotFound, TicketIsIssued."""
    mine = [one for leg, one in await legs_of(db, [registration.id]) if leg.id == leg_id and leg.cancelled_at is None]
    if any(one.is_paid_for for one in mine):
        raise TicketIsIssued(contact=contact) if contact else TicketOfOrganiser()
    await leave_leg(db, event, registration, leg_id, at=at)


async def leave_leg(db: AsyncSession, event: Event, registration: Registration, leg_id: UUID, *, at: datetime) -> None:
    """The traveller is not on a leg any more; whoever else is on it stays. The event is locked. Raises NotFound."""
    leg = await db.get(Leg, leg_id)
    passengers = (await passengers_of(db, [leg_id])).get(leg_id, [])
    mine = next((one for one in passengers if one.registration_id == registration.id), None)
    if leg is None or leg.event_id != event.id or mine is None:
        raise NotFound()
    mine.state, mine.changed_at = PassengerState.cancelled, at
    leg.sequence += 1
    leg.changed_at = at
    _note(db, "leg.left", event, leg, audit.Actor.person(registration.person_id), at=at)
    await db.flush()


async def change_leg(db: AsyncSession, leg_id: UUID, given: LegIn, caller: Caller, *, at: datetime) -> Leg:
    """Another time, place or number for everybody on it; calendars follow. Tickets that are held count as changed.

    Raises NotFound, LegIsCancelled, Unacceptable beside the field.
    """
    leg, event = await get_leg(db, leg_id, caller, lock=True)
    if leg.cancelled_at:
        raise LegIsCancelled()
    return await move_leg(db, event, leg, given, caller.signature["by"], at=at)


async def move_leg(db: AsyncSession, event: Event, leg: Leg, given: LegIn, by: audit.Actor, *, at: datetime) -> Leg:
    """`change_leg` for whoever has been let in and holds the event's lock."""
    must_be_of_event(event, given, leg)
    for name, value in leg_values(given).items():
        setattr(leg, name, value)
    leg.sequence += 1
    leg.changed_at = at
    for one in (await passengers_of(db, [leg.id])).get(leg.id, []):
        if one.state in BOUGHT:
            one.state, one.changed_at = PassengerState.changed, at
    _note(db, "leg.changed", event, leg, by, at=at)
    await db.flush()
    return leg


async def cancel_leg(db: AsyncSession, leg_id: UUID, caller: Caller, *, at: datetime) -> Leg:
    """It does not run, or nobody takes it: entries in calendars say so, and nobody is on it any more."""
    leg, event = await get_leg(db, leg_id, caller, lock=True)
    if leg.cancelled_at is None:
        leg.cancelled_at = leg.changed_at = at
        leg.sequence += 1
        for one in (await passengers_of(db, [leg.id])).get(leg.id, []):
            one.state, one.changed_at = PassengerState.cancelled, at
        _note(db, "leg.cancelled", event, leg, caller.signature["by"], at=at)
        await db.flush()
    return leg


async def change_passenger(
    db: AsyncSession, leg_id: UUID, registration_id: UUID, given: PassengerIn, caller: Caller, *, at: datetime
) -> LegPassenger:
    """What one person has of a leg: state, seat, ticket, fare. Whoever was not on it is put on it; of whoever was, and
    gave back their place or was replaced, the ticket is still cancelled or renamed."""
    leg, event = await get_leg(db, leg_id, caller, lock=True)
    if leg.cancelled_at:
        raise LegIsCancelled()
    on_it = (await passengers_of(db, [leg_id])).get(leg_id, [])
    if registration_id not in {one.registration_id for one in on_it}:
        await _must_take_part(db, event.id, [registration_id])
    one = await note_passenger(db, leg, registration_id, given, at=at)
    _note(db, "leg.passenger", event, leg, caller.signature["by"], at=at, registration=registration_id)
    await db.flush()
    return one


async def note_passenger(
    db: AsyncSession, leg: Leg, registration_id: UUID, given: PassengerIn, *, at: datetime
) -> LegPassenger:
    """Write down what one person has of a leg; the event is locked, and they have a place."""
    known = {one.registration_id: one for one in (await passengers_of(db, [leg.id])).get(leg.id, [])}
    one = known.get(registration_id)
    if one is None:
        one = LegPassenger(leg_id=leg.id, registration_id=registration_id, state=given.state, changed_at=at)
        db.add(one)
    for name, value in given.model_dump(exclude={"fare"}).items():
        setattr(one, name, value)
    one.fare_minor = None if given.fare is None else Money(given.fare, given.fare_currency).minor
    one.changed_at = leg.changed_at = at
    leg.sequence += 1
    await db.flush()
    return one


async def count_legs(db: AsyncSession, event_id: UUID) -> list[tuple[str, int]]:
    """How many legs a postponement leaves where they are, in words."""
    found = await db.exec(
        select(sa.func.count()).select_from(Leg).where(Leg.event_id == event_id, col(Leg.cancelled_at).is_(None))
    )
    return [(LEGS, found.one())]


async def leave_legs(db: AsyncSession, event_id: UUID, shift: Shift) -> None:
    """Legs are bought: they stay where they are, and the checks say that they lie outside the visit's days."""


async def list_legs(db: AsyncSession, event_id: UUID) -> list[Leg]:
    """All legs of an event as they leave, those that were cancelled too."""
    found = await db.exec(
        select(Leg).where(Leg.event_id == event_id).order_by(col(Leg.day), col(Leg.departs_at), col(Leg.id)).limit(MOST)
    )
    return list(found.all())


async def passengers_of(db: AsyncSession, leg_ids: Collection[UUID]) -> Passengers:
    """Who is on these legs, by leg; one query."""
    return await _by_leg(db, col(LegPassenger.leg_id).in_(leg_ids))


async def people_of(db: AsyncSession, registration_ids: Collection[UUID]) -> list[tuple[Registration, Person]]:
    """Whose these registrations are, with a place or without one any more, by name; no query for none."""
    if not registration_ids:
        return []
    found = await db.exec(
        select(Registration, Person)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(col(Registration.id).in_(registration_ids))
        .order_by(col(Person.sort_key), col(Registration.id))
    )
    return list(found.all())


async def people_left(db: AsyncSession, event_id: UUID) -> list[tuple[Registration, Person]]:
    """Who has no place any more and still holds a ticket for a leg, or has a fare that counts, by name; one query."""
    costs = col(LegPassenger.state).in_(TRAVELLING) & (col(LegPassenger.fare_minor) > 0)
    found = await db.exec(
        select(Registration, Person)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(
            Registration.event_id == event_id,
            ~takes_part(),
            sa.exists().where(
                col(LegPassenger.registration_id) == Registration.id,
                col(LegPassenger.state).in_(BOUGHT) | costs,
                col(Leg.id) == LegPassenger.leg_id,
                col(Leg.cancelled_at).is_(None),
            ),
        )
        .order_by(col(Person.sort_key), col(Registration.id))
    )
    return list(found.all())


async def legs_with_passengers(db: AsyncSession, *event_ids: UUID) -> list[tuple[Leg, list[LegPassenger]]]:
    """All legs of an event, or of several, as they leave with who is on them, in one query."""
    found = await db.exec(
        select(Leg, LegPassenger)
        .join(LegPassenger, col(LegPassenger.leg_id) == Leg.id, isouter=True)
        .where(col(Leg.event_id).in_(event_ids))
        .order_by(col(Leg.day), col(Leg.departs_at), col(Leg.id), col(LegPassenger.id))
    )
    return grouped(found.all())


def grouped(rows: Sequence[tuple[Leg, LegPassenger | None]]) -> list[tuple[Leg, list[LegPassenger]]]:
    """Each leg once with those on it, in the order in which legs come first."""
    legs: dict[UUID, tuple[Leg, list[LegPassenger]]] = {}
    for leg, one in rows:
        passengers = legs.setdefault(leg.id, (leg, []))[1]
        if one is not None:
            passengers.append(one)
    return list(legs.values())


async def _by_leg(db: AsyncSession, where: Any) -> Passengers:
    found: Passengers = defaultdict(list)
    for one in await db.exec(select(LegPassenger).where(where).order_by(col(LegPassenger.id))):
        found[one.leg_id].append(one)
    return dict(found)


async def legs_of(db: AsyncSession, registration_ids: Collection[UUID]) -> list[tuple[Leg, LegPassenger]]:
    """The legs of these people as they leave; a group leg stands once for each of them."""
    found = await db.exec(
        select(Leg, LegPassenger)
        .join(LegPassenger, col(LegPassenger.leg_id) == Leg.id)
        .where(col(LegPassenger.registration_id).in_(registration_ids))
        .order_by(col(Leg.day), col(Leg.departs_at), col(Leg.id))
    )
    return list(found.all())


async def legs_of_one(db: AsyncSession, registration_id: UUID) -> list[tuple[Leg, list[LegPassenger]]]:
    """One person's legs as they leave, each with them alone on it."""
    return [(leg, [one]) for leg, one in await legs_of(db, [registration_id])]


async def get_leg(db: AsyncSession, leg_id: UUID, caller: Caller, *, lock: bool = False) -> tuple[Leg, Event]:
    """A leg whose project the caller may reach, with its event; `lock` also locks the event. Raises NotFound."""
    return await get_with_event(db, Leg, leg_id, caller, lock=lock)


async def _place_on_leg(
    db: AsyncSession,
    event: Event,
    given: LegIn,
    registrations: Sequence[UUID],
    state: PassengerState,
    *,
    at: datetime,
    paid_by: FarePayer = FarePayer.project,
) -> Leg:
    new = Leg(event_id=event.id, created_at=at, changed_at=at, **leg_values(given))
    must_be_of_event(event, given)
    there = await list_legs(db, event.id)
    leg = next((old for old in there if old.cancelled_at is None and old.is_same(new)), None)
    if leg is None:
        if len(there) >= MOST:
            raise Unacceptable("origin", N_("There are five thousand legs already."))
        leg = new
        db.add(leg)
        await db.flush()
    await _join(db, leg, registrations, state, at=at, paid_by=paid_by)
    return leg


async def _join(
    db: AsyncSession,
    leg: Leg,
    registrations: Sequence[UUID],
    state: PassengerState,
    *,
    at: datetime,
    paid_by: FarePayer = FarePayer.project,
) -> int:
    """Who was not on a leg, or not any more, is; how many that are. Whoever is on it keeps what they have."""
    known = {one.registration_id: one for one in (await passengers_of(db, [leg.id])).get(leg.id, [])}
    back = [one for one in known.values() if one.registration_id in registrations and not one.is_travelling]
    for one in back:
        one.state, one.changed_at = state, at
        one.paid_by = one.paid_by if one.ticket_number or one.fare_minor else paid_by
    new_one = {"leg_id": leg.id, "state": state, "paid_by": paid_by, "changed_at": at}
    rows = [
        {"id": new_id(), "registration_id": id, **new_one} for id in dict.fromkeys(registrations) if id not in known
    ]
    await add_rows(db, LegPassenger, rows)
    if back:
        # Their calendars hold the entry as cancelled, and take a later version only.
        leg.sequence += 1
        leg.changed_at = at
    return len(rows) + len(back)


async def _must_take_part(db: AsyncSession, event_id: UUID, registrations: Sequence[UUID]) -> None:
    found = await db.exec(
        select(Registration.id).where(
            Registration.event_id == event_id,
            Registration.status == RegistrationStatus.confirmed,
            col(Registration.id).in_(registrations),
        )
    )
    if not registrations or set(found.all()) != set(registrations):
        raise Unacceptable("registrations", N_("Choose people who have a place at this event."))


def _note(db: AsyncSession, act: str, event: Event, leg: Leg, by: audit.Actor, *, at: datetime, **facts: Any) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, by=by, leg=leg.id, **facts)
