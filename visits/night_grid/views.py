"""Everybody's nights as a grid: a row a person, a column a night."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.paging import Page, Paging, page_of
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event
from visits.checks.nights import nights_away
from visits.hotels.models import Hotel, Room
from visits.hotels.rules import nights_between
from visits.hotels.service import list_hotels
from visits.journeys.service import traveller_of
from visits.legs.models import Leg, LegPassenger
from visits.legs.service import legs_of
from visits.stays.models import Stay
from visits.stays.service import list_beds
from visits.travel_details.service import details_of_each
from visits.travel_types import Traveller

_Bed = tuple[Stay, Hotel | None, Room | None]


@dataclass(frozen=True)
class NightCell:
    """One person's night: where they sleep, in which room of our list, or that a bed is missing or too many. Nothing
    is paid for one that is `is_personal`."""

    night: date
    beds: Sequence[tuple[str, int | None]]
    is_gap: bool
    is_personal: bool = False

    @property
    def is_double(self) -> bool:
        return len(self.beds) > 1


@dataclass(frozen=True)
class NightRow:
    """One person; `has_place` is no more where they cancelled and their nights are still there."""

    registration_id: UUID
    name: str
    has_place: bool
    cells: Sequence[NightCell]


@dataclass(frozen=True)
class NightGrid:
    event: Event
    nights: Sequence[date]
    rows: Page[NightRow]
    hotels: Sequence[Hotel]
    beds: Mapping[date, int]


async def grid_for(db: AsyncSession, event_id: UUID, caller: Caller, page: Paging) -> NightGrid:
    """Everybody with a place, by name, then whose nights are left though they have none. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    people = {registration.id: person.name for registration, person, _ in await list_confirmed(db, event_id)}
    beds: dict[UUID, list[_Bed]] = defaultdict(list)
    for bed in await list_beds(db, event_id):
        beds[bed[0].registration_id].append(bed)
    stays = [stay for of in beds.values() for stay, _, _ in of]
    nights = _nights(event, stays)
    names = [*people.items(), *await _departed(db, beds.keys() - people.keys())]
    shown = page_of(names, page)
    ids = [id for id, _ in shown.rows]
    legs: dict[UUID, list[tuple[Leg, LegPassenger]]] = defaultdict(list)
    for leg, one in await legs_of(db, ids):
        legs[one.registration_id].append((leg, one))
    details = await details_of_each(db, ids)

    def row(id: UUID, name: str) -> NightRow:
        traveller = traveller_of(event, legs[id], [(stay, hotel) for stay, hotel, _ in beds[id]], [], details.get(id))
        gaps = _gaps(event, traveller) if id in people else frozenset()
        return NightRow(id, name, id in people, [_cell(night, beds[id], gaps) for night in nights])

    rows = Page([row(id, name) for id, name in shown.rows], shown.total, shown.page, shown.limit)
    taken = {night: sum(stay.check_in <= night < stay.check_out for stay in stays) for night in nights}
    return NightGrid(event, nights, rows, await list_hotels(db, event_id), taken)


def _cell(night: date, beds: Sequence[_Bed], gaps: frozenset[date]) -> NightCell:
    there = [bed for bed in beds if bed[0].check_in <= night < bed[0].check_out]
    shown = [
        (hotel.name if hotel else stay.city or stay.country, room.number if room else None)
        for stay, hotel, room in there
    ]
    return NightCell(night, shown, night in gaps and not there, any(stay.is_personal for stay, _, _ in there))


def _nights(event: Event, stays: Sequence[Stay]) -> list[date]:
    """One before the visit, its own, one after, and all that anybody has."""
    first = min([event.first_day - timedelta(days=1), *(stay.check_in for stay in stays)])
    last = max([event.last_day, *(stay.check_out - timedelta(days=1) for stay in stays)])
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _gaps(event: Event, traveller: Traveller) -> frozenset[date]:
    """Nights without a bed: what the legs say, and holes in what is entered; of who has neither, all nights of the
    visit."""
    away = nights_away(traveller.legs, traveller.stays, traveller.home, traveller.last_day, traveller.starts)
    first, last = event.first_day, event.last_day
    if traveller.stays:
        first = min(stay.check_in for stay in traveller.stays)
        last = max(stay.check_out for stay in traveller.stays)
    elif traveller.legs:
        return frozenset(away)
    return frozenset([*away, *nights_between(first, last)])


async def _departed(db: AsyncSession, ids: Set[UUID]) -> list[tuple[UUID, str]]:
    found = await db.exec(
        select(Registration.id, Person.name)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(col(Registration.id).in_(ids))
        .order_by(col(Person.sort_key))
    )
    return list(found.all())
