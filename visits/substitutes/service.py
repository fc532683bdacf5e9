"""Seats in vehicles follow a substitute. Named tickets, visas and beds never do: they become tasks."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_
from core.i18n import Words, document_words
from core.zones import day_in
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.rules import EventKind
from visits.hotels.models import Hotel
from visits.legs.rules import BOUGHT
from visits.legs.service import legs_of
from visits.passports.rules import VisaState
from visits.stays.models import Stay
from visits.tasks.models import VisitTask
from visits.tasks.rules import TaskWording, VisitPhase
from visits.travel_details.rules import visa_state
from visits.travel_details.service import details_of
from visits.vehicles.models import Vehicle, VehiclePassenger


async def follow(db: AsyncSession, old_id: UUID, new_id: UUID, *, at: datetime) -> None:
    """Seats change hands; what does not follow is written down as tasks of the visit, one each. The event is locked."""
    await _hand_over_seats(db, old_id, new_id, at=at)
    old, new = await db.get_one(Registration, old_id), await db.get_one(Registration, new_id)
    event = await db.get_one(Event, old.event_id)
    project = await db.get_one(Project, event.project_id)
    say = document_words(project.languages[0] if project.languages else "en")
    leaves, comes = await db.get_one(Person, old.person_id), await db.get_one(Person, new.person_id)
    lines = await _left_behind(db, old_id, f"{leaves.name} → {comes.name}")
    if not lines:
        return
    if event.kind is EventKind.study_visit:
        lines.append(TaskWording(lines[0].about, N_("Passport, visa and insurance of the substitute"), {}))
    today = day_in(event.zone, at=at)
    db.add_all(
        VisitTask(
            event_id=event.id,
            phase=VisitPhase.travel,
            title=line.said(say),
            wording=asdict(line),
            due_on=min(today, event.last_day),
            created_at=at,
        )
        for line in lines
    )
    await db.flush()


async def left_behind(db: AsyncSession, registration_id: UUID, say: Words) -> list[str]:
    """What of a traveller's journey a substitute would not take over, in words."""
    return [one.line(say) for one in await _left_behind(db, registration_id, "")]


async def _left_behind(db: AsyncSession, registration_id: UUID, about: str) -> list[TaskWording]:
    ticket = N_("Ticket %(leg)s, %(day)s: cancel or rename it")
    bed = N_("Bed in %(place)s, %(days)s: look who shares the room, or cancel it")
    lines = [
        TaskWording(about, ticket, {"leg": leg.label, "day": [leg.departs.day.isoformat()]})
        for leg, one in await legs_of(db, [registration_id])
        if one.state in BOUGHT and one.is_travelling and leg.cancelled_at is None
    ]
    beds = await db.exec(
        select(Stay, Hotel)
        .join(Hotel, col(Hotel.id) == Stay.hotel_id, isouter=True)
        .where(Stay.registration_id == registration_id)
        .order_by(col(Stay.check_in))
    )
    for stay, hotel in beds:
        place = hotel.name if hotel else stay.city or {"country": stay.country}
        days = [stay.check_in.isoformat(), stay.check_out.isoformat()]
        lines.append(TaskWording(about, bed, {"place": place, "days": days}))
    told = await details_of(db, registration_id)
    if told and visa_state(told.visa) in (VisaState.applied, VisaState.granted):
        lines.append(TaskWording(about, N_("Visa: tell the consulate that somebody else travels"), {}))
    return lines


async def _hand_over_seats(db: AsyncSession, old_id: UUID, new_id: UUID, *, at: datetime) -> None:
    """The substitute has no leg yet: the seat is theirs without one, until they are put on a leg."""
    wanted = select(VehiclePassenger).where(col(VehiclePassenger.registration_id).in_([old_id, new_id]))
    rows = list((await db.exec(wanted)).all())
    theirs = {one.vehicle_id: one for one in rows if one.registration_id == new_id}
    for one in rows:
        if one.registration_id != old_id or one.removed_at is not None:
            continue
        taken = theirs.get(one.vehicle_id) or VehiclePassenger(
            vehicle_id=one.vehicle_id, registration_id=new_id, changed_at=at
        )
        taken.removed_at, taken.leg_id, taken.changed_at = None, None, at
        one.removed_at = one.changed_at = at
        db.add(taken)
        vehicle = await db.get_one(Vehicle, one.vehicle_id)
        vehicle.sequence += 1
        vehicle.changed_at = at
    await db.flush()
