"""Reading what is known of journeys: nights, legs, homes and meals, by registration."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.money import Money
from core.zones import day_in
from directory.people.geography import subdivisions
from directory.people.models import Institution, Person
from events.invitations.registrations.models import Registration
from events.invitations.session_signups.service import chosen_by
from events.programme.events.models import Event, Session
from events.programme.events.rules import MEALS
from events.programme.events.service import list_sessions
from finance.missions.rules import NightsStayed
from finance.rules.facts import NO_PLACE, MealKind, PayPlace, ProvidedMeal
from visits.legs.reading import travel_leg
from visits.legs.service import legs_of_one, legs_with_passengers
from visits.places.lookup import any_place
from visits.stays.models import Stay
from visits.stays.service import places_slept_in
from visits.travel_details.models import TravelDetails
from visits.travel_types import TravelLeg


def nights_by_person(found: Sequence[Stay]) -> dict[UUID, list[NightsStayed]]:
    """Nights as the rules take them, by registration."""
    stays: dict[UUID, list[NightsStayed]] = defaultdict(list)
    for one in found:
        place = PayPlace(one.country, one.city)
        stays[one.registration_id].append(
            NightsStayed(one.check_in, one.check_out, place, one.is_bed_provided, one.has_breakfast, one.is_personal)
        )
    return stays


def with_room_costs(
    stays: Mapping[UUID, Sequence[NightsStayed]], costs: Sequence[tuple[UUID, date, Money]], currency: str
) -> dict[UUID, list[NightsStayed]]:
    """Beds that are provided night by night, each with what its room costs where that is in the currency of the
    rates. Of two rooms for one night that of the earlier check-in counts."""
    known: dict[tuple[UUID, date], Decimal] = {}
    for id, night, cost in costs:
        if cost.currency == currency:
            known.setdefault((id, night), cost.amount)
    return {
        id: [
            replace(one, check_in=night, check_out=night + timedelta(days=1), cost=known.get((id, night)))
            for one in mine
            for night in one.nights
        ]
        for id, mine in stays.items()
    }


async def slept_in(db: AsyncSession, event_id: UUID) -> list[PayPlace]:
    """Where nights of an event are spent, a place for each stay."""
    return [
        PayPlace(country, city) for country, city, count in await places_slept_in(db, event_id) for _ in range(count)
    ]


def places_of(stays: Mapping[UUID, Sequence[NightsStayed]]) -> list[PayPlace]:
    """The same of stays that were read already."""
    return [one.place for mine in stays.values() for one in mine]


async def legs_by_person(db: AsyncSession, event_id: UUID, only: UUID | None) -> dict[UUID, list[TravelLeg]]:
    """The legs that people travelled on, as they leave."""
    legs: dict[UUID, list[TravelLeg]] = defaultdict(list)
    for leg, passengers in await (legs_with_passengers(db, event_id) if only is None else legs_of_one(db, only)):
        if leg.cancelled_at is not None:
            continue
        plain = travel_leg(leg)
        for one in passengers:
            if one.is_travelling:
                legs[one.registration_id].append(plain)
    return legs


async def homes_by_person(db: AsyncSession, event_id: UUID, only: UUID | None) -> dict[UUID, PayPlace]:
    """Where travellers said they live. Only that column: the others are sealed, and opening them takes time."""
    wanted = select(TravelDetails.registration_id, TravelDetails.home).where(col(TravelDetails.event_id) == event_id)
    if only is not None:
        wanted = wanted.where(TravelDetails.registration_id == only)
    found = await db.exec(wanted)
    places = {registration: any_place(home) for registration, home in found if home}
    return {registration: PayPlace(place.country, place.town) for registration, place in places.items()}


def home_on_file(person: Person, home_country: str) -> PayPlace:
    """By the province on file, else just the country of the project."""
    if not person.province:
        return PayPlace(home_country) if home_country else NO_PLACE
    country = person.province[:2]
    return PayPlace(country, subdivisions(country).get(person.province, ""))


async def meals_by_person(
    db: AsyncSession, event: Event, people: Sequence[tuple[Registration, Person, Institution | None]]
) -> dict[UUID, list[ProvidedMeal]]:
    """The meals of the agenda that each person takes part in."""
    sessions = [one for one in await list_sessions(db, event.id) if one.kind in MEALS and not one.removed_at]
    is_chosen = {}
    if any(one.capacity is not None for one in sessions):
        is_chosen = await chosen_by(db, [registration.id for registration, _, _ in people])
    given = [(one, _meal(one, event.zone)) for one in sessions]
    for_all = [meal for session, meal in given if session.capacity is None]
    to_choose = [(session, meal) for session, meal in given if session.capacity is not None]
    return {
        registration.id: for_all + [meal for session, meal in to_choose if is_chosen.get((registration.id, session.id))]
        for registration, _, _ in people
    }


def _meal(session: Session, zone: str) -> ProvidedMeal:
    return ProvidedMeal(day_in(zone, at=session.starts_at), MealKind(session.kind.value), zone=zone)
