"""Entering nights."""

from collections.abc import Collection, Sequence
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
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from events.programme.lifecycle.rules import Shift
from visits.stays.models import Stay
from visits.stays.schemas import StayIn

STAYS = N_("Nights in hotels that move along; the hotels have to be told")
# People arrive before and leave after, but not by weeks.
AROUND = timedelta(days=7)


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
        for name, value in values.items():
            setattr(stay, name, value)
    db.add_all(
        Stay(event_id=event_id, registration_id=person, booked_at=at, **values)
        for person in people
        if person not in kept
    )


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


async def list_stays(db: AsyncSession, event_id: UUID) -> list[Stay]:
    """All stays of an event in one query."""
    found = await db.exec(select(Stay).where(Stay.event_id == event_id).order_by(col(Stay.check_in), col(Stay.id)))
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
        select(Stay).where(col(Stay.registration_id).in_(of)).order_by(col(Stay.check_in), col(Stay.id))
    )
    made = []
    for stay in found:
        registration, event = of[stay.registration_id]
        venue, paid = (
            stay.city or say.country(stay.country),
            _PAID.get((stay.is_bed_provided, stay.has_breakfast)),
        )
        entry = Entry(
            uid=f"{stay.id}@{domain}",
            title=say.translate("Nights: %(place)s", place=venue),
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
