"""Entering nights."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.ical import Entry
from core.errors import N_, NotFound, Unacceptable
from core.i18n import words
from directory.accounts.access import Caller
from events.calendars.entries.service import Registered, as_theirs, status_of
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.participants.official_letters.rules import KnownStay
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from events.programme.lifecycle.rules import Shift
from visits.hotels.models import Hotel, Room
from visits.hotels.service import hotel_in, list_rooms
from visits.stays.models import Stay
from visits.stays.rules import NightSpan, NightsTooFar, StayPlace, cleared, entered, is_room_free, spans_in
from visits.stays.schemas import NightsDone, NightsGone, NightsIn, StayIn

STAYS = N_("Nights in hotels that move along; the hotels have to be told")
# People arrive before and leave after, but not by weeks.
AROUND = timedelta(days=7)


async def known_stays(db: AsyncSession, event_id: UUID) -> dict[UUID, KnownStay]:
    """From the first check-in to the last check-out of each, and where they sleep first, by registration. Nights that
    are one's own affair do not count."""
    rows = await db.exec(
        select(Stay, Hotel)
        .join(Hotel, col(Hotel.id) == Stay.hotel_id, isouter=True)
        .where(Stay.event_id == event_id, col(Stay.is_personal).is_(False))
        .order_by(col(Stay.check_in), col(Stay.id))
    )
    found: dict[UUID, KnownStay] = {}
    for stay, hotel in rows:
        places = [hotel.name, hotel.address, hotel.city] if hotel else [stay.city]
        address = ", ".join(dict.fromkeys(filter(None, places)))
        first = found.setdefault(stay.registration_id, KnownStay(stay.check_in, stay.check_out, address))
        found[stay.registration_id] = replace(first, last_day=max(first.last_day, stay.check_out))
    return found


async def book(db: AsyncSession, event_id: UUID, given: StayIn, caller: Caller, *, at: datetime) -> int:
    """Enter the same nights for everybody with a place, or for those named. Nights they had in the same
    span are replaced: nobody sleeps in two places."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    if given.check_in < event.first_day - AROUND or given.check_out > event.last_day + AROUND:
        raise Unacceptable("check_in", N_("These nights are far from the days of the event."))
    wanted = select(Registration.id).where(
        Registration.event_id == event_id, Registration.status == RegistrationStatus.confirmed
    )
    if given.registrations is not None:
        wanted = wanted.where(col(Registration.id).in_(given.registrations))
    people = list((await db.exec(wanted)).all())
    if not people or (given.registrations is not None and set(people) != set(given.registrations)):
        raise Unacceptable("registrations", N_("Nobody with a place was found for these nights."))
    await _enter(db, event_id, people, given, at=at)
    await db.flush()
    await free_rooms(db, event_id)
    audit.record(
        db,
        "stays.booked",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=len(people),
        check_in=given.check_in.isoformat(),
        check_out=given.check_out.isoformat(),
    )
    await db.flush()
    return len(people)


async def _enter(db: AsyncSession, event_id: UUID, people: Sequence[UUID], given: StayIn, *, at: datetime) -> None:
    """The first of the nights that are replaced becomes the new ones, so that calendars move their entry."""
    found = await db.exec(
        select(Stay)
        .where(
            col(Stay.registration_id).in_(people),
            col(Stay.check_in) < given.check_out,
            col(Stay.check_out) > given.check_in,
        )
        .order_by(col(Stay.check_in))
    )
    kept: dict[UUID, Stay] = {}
    gone = [stay.id for stay in found if kept.setdefault(stay.registration_id, stay) is not stay]
    if gone:
        await db.exec(delete(Stay).where(col(Stay.id).in_(gone)))
    values = given.model_dump(exclude={"registrations"})
    for stay in kept.values():
        stay.sequence += 1
        stay.booked_at = at
        # Whoever enters nights for everybody names a town: in it the hotel and the room stay.
        is_there = stay.country == given.country and given.city in ("", stay.city)
        if stay.hotel_id and is_there:
            values_of = values | {"city": stay.city}
        else:
            values_of = values | {"hotel_id": None, "room_id": None}
        for name, value in values_of.items():
            setattr(stay, name, value)
    db.add_all(
        Stay(event_id=event_id, registration_id=person, booked_at=at, **values)
        for person in people
        if person not in kept
    )


async def set_nights(db: AsyncSession, event_id: UUID, given: NightsIn, caller: Caller, *, at: datetime) -> NightsDone:
    """Enter single nights of several people; whatever else they have that night is replaced, all other nights stay.

    Raises NotFound, NightsTooFar, Unacceptable, EventIsOff.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    place = await _place(db, event, given)
    for person in given.people:
        must_be_near(event, min(person.nights), max(person.nights) + timedelta(days=1))
    wanted = {person.registration_id: person.nights for person in given.people}
    found = await db.exec(
        select(Registration.id).where(
            Registration.event_id == event_id,
            Registration.status == RegistrationStatus.confirmed,
            col(Registration.id).in_(wanted),
        )
    )
    if set(found.all()) != wanted.keys():
        raise Unacceptable("people", N_("Nobody with a place was found for these nights."))
    spans = await _spans_of(db, event_id, wanted)
    for id, nights in wanted.items():
        for check_in, check_out in spans_in(nights):
            spans[id] = entered(spans[id], check_in, check_out, place)
    act = "nights.personal" if given.is_personal else "nights.entered"
    return await keep_spans(db, event, spans, act, caller.signature["by"], at=at)


async def clear_nights(
    db: AsyncSession, event_id: UUID, given: NightsGone, caller: Caller, *, at: datetime
) -> NightsDone:
    """Take single nights of several people away, of those too who have no place any more; all other nights stay.
    Where none was, nothing happens. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    wanted = {person.registration_id: person.nights for person in given.people}
    spans = await _spans_of(db, event_id, wanted)
    for id, nights in wanted.items():
        for check_in, check_out in spans_in(nights):
            spans[id] = cleared(spans[id], check_in, check_out)
    return await keep_spans(db, event, spans, "nights.cleared", caller.signature["by"], at=at)


def _move(stay: Stay, check_in: date, check_out: date, place: StayPlace, *, at: datetime) -> None:
    """Other days or another place for a stay; calendars follow. The event is locked."""
    before = stay.span
    for name, value in {**asdict(place), "check_in": check_in, "check_out": check_out}.items():
        setattr(stay, name, value)
    if stay.span != before:
        stay.sequence += 1
        stay.booked_at = at


async def _place(db: AsyncSession, event: Event, given: NightsIn) -> StayPlace:
    told = given.is_bed_provided, given.has_breakfast, given.is_personal
    if given.hotel_id is not None:
        hotel = await hotel_in(db, event.id, given.hotel_id)
        return StayPlace(hotel.country, hotel.city, hotel.id, *told)
    return StayPlace(given.country or event.country, given.city, None, *told)


def must_be_near(event: Event, check_in: date, check_out: date) -> None:
    """Raises NightsTooFar."""
    if check_in < event.first_day - AROUND or check_out > event.last_day + AROUND:
        raise NightsTooFar("people")


async def _spans_of(db: AsyncSession, event_id: UUID, ids: Collection[UUID]) -> dict[UUID, list[NightSpan]]:
    spans: dict[UUID, list[NightSpan]] = {id: [] for id in ids}
    for stay in await _stays_of(db, event_id, ids):
        spans[stay.registration_id].append(stay.span)
    return spans


async def _stays_of(db: AsyncSession, event_id: UUID, ids: Collection[UUID]) -> list[Stay]:
    found = await db.exec(
        select(Stay)
        .where(Stay.event_id == event_id, col(Stay.registration_id).in_(ids))
        .order_by(col(Stay.check_in), col(Stay.id))
    )
    return list(found.all())


async def keep_spans(
    db: AsyncSession,
    event: Event,
    spans: Mapping[UUID, Sequence[NightSpan]],
    act: str,
    by: audit.Actor,
    *,
    at: datetime,
) -> NightsDone:
    """Write what differs from what is kept of these people: all their nights. What goes first, for no two stays of one
    hotel begin alike. The event is locked."""
    kept = {stay.id: stay for stay in await _stays_of(db, event.id, spans)}
    wanted = {span.key: span for of in spans.values() for span in of if span.key}
    changed = {stay.registration_id for id, stay in kept.items() if wanted.get(id) != stay.span}
    changed |= {id for id, of in spans.items() if any(span.key is None for span in of)}
    for id in kept.keys() - wanted.keys():
        await db.delete(kept[id])
    await db.flush()
    for id, span in wanted.items():
        if kept[id].span != span:
            _move(kept[id], span.check_in, span.check_out, span.place, at=at)
            kept[id].room_id = span.room_id
    new = [(id, span) for id, of in spans.items() for span in of if span.key is None]
    for id, span in new:
        values = {**asdict(span.place), "check_in": span.check_in, "check_out": span.check_out}
        db.add(Stay(event_id=event.id, registration_id=id, room_id=span.room_id, booked_at=at, **values))
    await db.flush()
    without_room = await free_rooms(db, event.id)
    audit.record(db, act, event.id, at=at, project_id=event.project_id, by=by, people=len(changed))
    await db.flush()
    return NightsDone(people=len(changed), without_room=without_room)


async def free_rooms(db: AsyncSession, event_id: UUID) -> int:
    """After nights changed: whoever has a room of another hotel, or one without a bed left on their nights, has none
    any more; whoever entered theirs last gives way. Returns how many. The event is locked."""
    rooms = {room.id: room for room in await list_rooms(db, event_id)}
    in_room: dict[UUID, list[Stay]] = {}
    freed = 0
    for stay in sorted(await list_stays(db, event_id), key=lambda stay: (stay.booked_at, stay.id)):
        room = rooms.get(stay.room_id) if stay.room_id else None
        if room is None:
            continue
        others = [(other.check_in, other.check_out) for other in in_room.get(room.id, [])]
        is_there = room.hotel_id == stay.hotel_id
        if is_there and is_room_free(room.room_type.beds, stay.check_in, stay.check_out, others):
            in_room.setdefault(room.id, []).append(stay)
        else:
            stay.room_id = None
            freed += 1
    await db.flush()
    return freed


async def restamp(db: AsyncSession, hotel: Hotel, *, at: datetime) -> None:
    """A hotel is called otherwise or stands elsewhere: the entries of its guests say so."""
    for stay in await db.exec(select(Stay).where(Stay.hotel_id == hotel.id)):
        stay.city, stay.country = hotel.city, hotel.country
        stay.sequence += 1
        stay.booked_at = at


async def remove_stay(db: AsyncSession, event_id: UUID, stay_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take nights away that nobody sleeps there. Returns whose they were, by registration. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    stay = await db.get(Stay, stay_id)
    if stay is None or stay.event_id != event.id:
        raise NotFound()
    registration_id = stay.registration_id
    await db.delete(stay)
    audit.record(
        db,
        "stays.removed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        registration=registration_id,
        check_in=stay.check_in.isoformat(),
        check_out=stay.check_out.isoformat(),
    )
    await db.flush()
    return registration_id


async def count_stays(db: AsyncSession, event_id: UUID) -> list[tuple[str, int]]:
    """How many nights a postponement moves along, in words."""
    found = await db.exec(select(sa.func.count()).select_from(Stay).where(Stay.event_id == event_id))
    return [(STAYS, found.one())]


async def move_stays(db: AsyncSession, event_id: UUID, shift: Shift) -> None:
    """Nights move with their event; whoever booked the hotel still has to tell it."""
    for stay in await list_stays(db, event_id):
        stay.check_in += timedelta(days=shift.days)
        stay.check_out += timedelta(days=shift.days)


async def journeys_of(db: AsyncSession, event_ids: Collection[UUID]) -> dict[UUID, tuple[date, date]]:
    """From when to when people are away for each of these events, as their nights say."""
    found = await db.exec(
        select(Stay.event_id, sa.func.min(Stay.check_in), sa.func.max(Stay.check_out))
        .where(col(Stay.event_id).in_(event_ids))
        .group_by(col(Stay.event_id))
    )
    return {event: (leaves, returns) for event, leaves, returns in found}


async def list_stays(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> list[Stay]:
    """All stays of an event, or of one registration, in one query."""
    wanted = select(Stay).where(Stay.event_id == event_id).order_by(col(Stay.check_in), col(Stay.id))
    if only is not None:
        wanted = wanted.where(Stay.registration_id == only)
    return list((await db.exec(wanted)).all())


async def places_slept_in(db: AsyncSession, event_id: UUID) -> list[tuple[str, str, int]]:
    """Country and city with how many stays are there: one query, one row a place."""
    found = await db.exec(
        select(Stay.country, Stay.city, sa.func.count())
        .where(Stay.event_id == event_id)
        .group_by(col(Stay.country), col(Stay.city))
    )
    return list(found.all())


async def list_beds(db: AsyncSession, event_id: UUID) -> list[tuple[Stay, Hotel | None, Room | None]]:
    """All stays of an event with their hotel and room, by check-in, in one query."""
    found = await db.exec(
        select(Stay, Hotel, Room)
        .join(Hotel, col(Hotel.id) == Stay.hotel_id, isouter=True)
        .join(Room, col(Room.id) == Stay.room_id, isouter=True)
        .where(Stay.event_id == event_id)
        .order_by(col(Stay.check_in), col(Stay.id))
    )
    return list(found.all())


_PAID = {
    (True, True): N_("The room is paid for, with breakfast."),
    (True, False): N_("The room is paid for, without breakfast."),
    (False, True): N_("Breakfast is included."),
}


def state(person_id: Any) -> sa.ScalarSelect[str]:
    """How many nights a person has entered for them, how often they changed and when last."""
    return (
        sa.select(
            sa.cast(sa.func.count(), sa.String)
            .concat(".")
            .concat(sa.cast(sa.func.sum(Stay.sequence), sa.String))
            .concat(".")
            .concat(sa.cast(sa.func.max(Stay.booked_at), sa.String))
        )
        .select_from(Stay)
        .join(Registration, col(Registration.id) == Stay.registration_id)
        .where(Registration.person_id == person_id)
        .scalar_subquery()
    )


async def entries(db: AsyncSession, registered: Registered, domain: str, language: str) -> list[Entry]:
    """From the day of arrival to the day of departure; who sleeps somewhere is not busy."""
    say, of = words(language), {registration.id: (registration, event) for registration, event in registered}
    found = await db.exec(
        select(Stay, Hotel)
        .join(Hotel, col(Hotel.id) == Stay.hotel_id, isouter=True)
        .where(col(Stay.registration_id).in_(of))
        .order_by(col(Stay.check_in), col(Stay.id))
    )
    made = []
    for stay, hotel in found.all():
        registration, event = of[stay.registration_id]
        city, paid = stay.city or say.country(stay.country), _PAID.get((stay.is_bed_provided, stay.has_breakfast))
        venue = ", ".join(filter(None, (hotel.name, hotel.address, city))) if hotel else city
        entry = Entry(
            uid=f"{stay.id}@{domain}",
            title=say.translate("Nights: %(place)s", place=hotel.name if hotel else city),
            starts=stay.check_in,
            ends=stay.check_out,
            zone=event.zone,
            venue=venue,
            text=say.translate(paid) if paid else "",
            sequence=stay.sequence + event.sequence,
            status=status_of(event),
            created_at=registration.registered_at,
            changed_at=max(stay.booked_at, event.changed_at),
            is_busy=False,
            category=say.translate("Accommodation"),
        )
        made.append(as_theirs(entry, registration))
    return made
