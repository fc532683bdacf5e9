"""Counting who eats what at the meals of the programme."""

from collections import defaultdict
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.zones import day_in
from events.invitations.registrations.service import list_confirmed
from events.invitations.session_signups.service import chosen_by
from events.programme.events.models import Event
from events.programme.events.rules import MEALS
from events.programme.events.service import list_sessions
from visits.hotels.models import Hotel
from visits.journeys.service import traveller_of
from visits.legs.models import Leg, LegPassenger
from visits.legs.service import legs_of
from visits.meals.rules import Eater, Meal, MealCount, count_meals
from visits.stays.models import Stay
from visits.stays.service import list_beds
from visits.travel_details.service import details_of_each


async def meals_of(db: AsyncSession, event: Event) -> list[MealCount]:
    """All meals of the programme in their order; a constant number of queries."""
    sessions = [s for s in await list_sessions(db, event.id) if s.kind in MEALS and not s.removed_at]
    if not sessions:
        return []
    people = await list_confirmed(db, event.id)
    ids = [registration.id for registration, _, _ in people]
    legs: dict[UUID, list[tuple[Leg, LegPassenger]]] = defaultdict(list)
    for leg, one in await legs_of(db, ids):
        legs[one.registration_id].append((leg, one))
    stays: dict[UUID, list[tuple[Stay, Hotel | None]]] = defaultdict(list)
    for stay, hotel, _ in await list_beds(db, event.id):
        stays[stay.registration_id].append((stay, hotel))
    details = await details_of_each(db, ids)
    chosen: dict[UUID, set[str]] = defaultdict(set)
    for (registration_id, session_id), is_chosen in (await chosen_by(db, ids)).items():
        if is_chosen:
            chosen[registration_id].add(str(session_id))
    eaters = []
    for registration, person, _ in people:
        id = registration.id
        traveller = traveller_of(event, legs[id], stays[id], [], details.get(id))
        eaters.append(
            Eater(
                registration.diet or person.diet,
                traveller.stays,
                traveller.legs,
                traveller.home,
                frozenset(chosen[id]),
                registration.seats,
                traveller.starts,
            )
        )
    meals = [
        (
            Meal(str(s.id), day_in(event.zone, at=s.starts_at), s.kind, s.starts_at),
            s.capacity is not None,
        )
        for s in sorted(sessions, key=lambda s: (s.starts_at, s.id))
    ]
    return count_meals(meals, eaters)
