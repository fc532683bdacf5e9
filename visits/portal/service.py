"""What a traveller tells of their own journey."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.settings import Settings
from directory.projects.models import Project
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import NotRegistered, RegistrationStatus
from events.invitations.registrations.service import lock_context, read_context
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from notifications.jobs.models import Job
from visits.booking_files import service as booking_files
from visits.booking_files.models import BookingFile
from visits.booking_files.rules import BookingProposals
from visits.checks.rules import OF_ORGANISERS
from visits.journeys.service import TravellerJourney, journeys_in
from visits.leg_files import service as leg_files
from visits.leg_files.rules import LegFile, of_registration
from visits.legs import service as legs
from visits.legs.models import Leg
from visits.legs.rules import PassengerState
from visits.legs.schemas import LegIn
from visits.travel_details import service as travel_details
from visits.travel_details.service import Part, tell_part


async def my_journey(db: AsyncSession, invitation_id: UUID, *, at: datetime) -> TravellerJourney:
    """Everything of the own journey, but for findings that only the organiser can mend. Raises NotRegistered."""
    context = await read_context(db, invitation_id)
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    journey = (await journeys_in(db, context.event, at=at, only=registration.id))[0]
    return replace(journey, findings=[one for one in journey.findings if one.code not in OF_ORGANISERS])


async def tell(db: AsyncSession, invitation_id: UUID, given: Part, *, at: datetime) -> None:
    """One part of what the visit needs to know. Raises NotRegistered, EventIsOff, UnacceptableFields."""
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
    """Not travel on a leg any more; the others on it do. Raises NotRegistered, NotFound, and TicketIsIssued for what is
    paid for."""
    context, registration = await _lock(db, invitation_id)
    contact = contact_of(context.event, context.project)
    await legs.leave_own_leg(db, context.event, registration, leg_id, contact, at=at)


def contact_of(event: Event, project: Project) -> str:
    """Whom a traveller writes to; empty where nobody is named."""
    return ", ".join(filter(None, (event.contact_name, event.contact_address or project.contact)))


async def upload_bookings(
    db: AsyncSession, invitation_id: UUID, files: Sequence[tuple[str, bytes]], settings: Settings, *, at: datetime
) -> tuple[list[BookingFile], Job]:
    """Keep bookings of the own journey and have them read. Raises NotRegistered, UploadedAlready, Unacceptable."""
    context, registration = await _lock(db, invitation_id)
    by = audit.Actor.person(context.person.id)
    return await booking_files.upload(db, context.event, files, registration, by, settings, at=at)


async def my_bookings(
    db: AsyncSession, invitation_id: UUID, settings: Settings
) -> tuple[list[BookingFile], BookingProposals, str]:
    """The own files, what bookings of this visit say of oneself, and the address for mails with bookings. Raises
    NotRegistered."""
    context = await read_context(db, invitation_id)
    if context.registration is None:
        raise NotRegistered()
    id = context.registration.id
    files = await booking_files.list_files(db, context.event.id, id)
    proposals = await booking_files.proposals_of(db, context.event, id)
    return files, proposals, booking_files.mail_address(id, settings)


async def attach_to_leg(
    db: AsyncSession,
    invitation_id: UUID,
    leg_id: UUID,
    files: Sequence[tuple[str, bytes]],
    settings: Settings,
    *,
    at: datetime,
) -> None:
    """Keep a ticket or boarding pass with a leg of the own journey. Raises NotRegistered, NotFound, UploadedAlready,
    Unacceptable."""
    context, registration = await _lock(db, invitation_id)
    await leg_files.attach_own(db, context.event, registration, leg_id, files, settings, at=at)


async def keep_page(
    db: AsyncSession, invitation_id: UUID, file: tuple[str, bytes], settings: Settings, *, at: datetime
) -> None:
    """Keep the page of the own passport. Raises NotRegistered, EventIsOff, Unacceptable."""
    context, registration = await _lock(db, invitation_id)
    await travel_details.keep_page(db, context.event, registration, file, settings, at=at)
    _note_told(db, context, at=at)
    await db.flush()


async def drop_page(db: AsyncSession, invitation_id: UUID, *, at: datetime) -> None:
    """Take it away. Raises NotRegistered, EventIsOff."""
    context, registration = await _lock(db, invitation_id)
    await travel_details.drop_page(db, registration.id, at=at)
    _note_told(db, context, at=at)
    await db.flush()


async def my_page(db: AsyncSession, invitation_id: UUID, settings: Settings) -> tuple[str, bytes]:
    """Name and content of the page of the own passport. Raises NotRegistered, NotFound."""
    context = await read_context(db, invitation_id)
    if context.registration is None:
        raise NotRegistered()
    return await travel_details.page_of(db, context.registration.id, settings)


def _note_told(db: AsyncSession, context: ResponseContext, *, at: datetime) -> None:
    event, by = context.event, audit.Actor.person(context.person.id)
    audit.record(db, "travel.told", event.id, at=at, project_id=event.project_id, by=by)


async def my_leg_files(
    db: AsyncSession, invitation_id: UUID, leg_id: UUID, *, at: datetime
) -> tuple[Leg, list[LegFile]]:
    """A leg of the own journey, and the own files that lie with it. Raises NotRegistered, NotFound."""
    context = await read_context(db, invitation_id)
    if context.registration is None:
        raise NotRegistered()
    leg = await leg_files.own_leg(db, context.event, context.registration, leg_id)
    found = await leg_files.list_leg_files(db, context.event.id, at=at, leg_id=leg_id)
    return leg, of_registration(found, context.registration.id)


async def my_file(db: AsyncSession, invitation_id: UUID, file_id: UUID, settings: Settings) -> tuple[str, bytes]:
    """Name and content of an own file that lies with a leg. Raises NotRegistered, NotFound."""
    context = await read_context(db, invitation_id)
    if context.registration is None:
        raise NotRegistered()
    file = await leg_files.own_file(db, context.registration, file_id)
    return file.file_name, await booking_files.content_of(file, settings)


async def take_over(db: AsyncSession, invitation_id: UUID, keys: Collection[str], *, at: datetime) -> int:
    """Take over what bookings say of oneself. Raises NotRegistered, ProposalGone, SharedLeg."""
    context, registration = await _lock(db, invitation_id)
    by = audit.Actor.person(context.person.id)
    legs_taken, _ = await booking_files.take_over(db, context.event, keys, by, at=at, of=registration.id)
    return legs_taken


async def _lock(db: AsyncSession, invitation_id: UUID) -> tuple[ResponseContext, Registration]:
    context = await lock_context(db, invitation_id)
    must_take_place(context.event.state)
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    return context, registration
