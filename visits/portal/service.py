"""What a traveller tells of their own journey."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import NotRegistered, RegistrationStatus
from events.invitations.registrations.service import lock_context, read_context
from events.programme.events.rules import must_take_place
from visits.journeys.service import TravellerJourney, journeys_in
from visits.legs import service as legs
from visits.legs.rules import PassengerState
from visits.legs.schemas import LegIn
from visits.travel_details.service import Part, tell_part


async def my_journey(db: AsyncSession, invitation_id: UUID, *, at: datetime) -> TravellerJourney:
    """Everything of the own journey. Raises NotRegistered."""
    context = await read_context(db, invitation_id)
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    return (await journeys_in(db, context.event, at=at, only=registration.id))[0]


async def tell(db: AsyncSession, invitation_id: UUID, given: Part, *, at: datetime) -> None:
    """One part of what the visit needs to know. Raises NotRegistered, EventIsOff."""
    context, registration = await _lock(db, invitation_id)
    await tell_part(db, context.event, registration, given, at=at)
    audit.record(
        db,
        "travel.told",
        context.event.id,
        at=at,
        project_id=context.event.project_id,
        by=audit.Actor.person(context.person.id),
    )
    await db.flush()


async def add_leg(db: AsyncSession, invitation_id: UUID, given: LegIn, *, has_ticket: bool, at: datetime) -> None:
    """A leg of the own journey: wished, or one that a ticket is there for. Raises NotRegistered, Unacceptable."""
    context, registration = await _lock(db, invitation_id)
    state = PassengerState.ticketed if has_ticket else PassengerState.wished
    await legs.add_own_leg(db, context.event, registration, given, state, at=at)


async def leave_leg(db: AsyncSession, invitation_id: UUID, leg_id: UUID, *, at: datetime) -> None:
    """Not travel on a leg any more; the others on it do. Raises NotRegistered, NotFound."""
    context, registration = await _lock(db, invitation_id)
    await legs.leave_leg(db, context.event, registration, leg_id, at=at)


async def _lock(db: AsyncSession, invitation_id: UUID) -> tuple[ResponseContext, Registration]:
    context = await lock_context(db, invitation_id)
    must_take_place(context.event.state)
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    return context, registration
