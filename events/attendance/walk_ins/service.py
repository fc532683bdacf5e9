"""Adding walk-ins: a person, an invitation and a place, whatever the capacity, for they are there."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.columns import folded
from directory.people.models import Person
from directory.people.service import find_person_by_address, institutions_named, new_person
from directory.projects.models import Project
from events.attendance.walk_ins.schemas import WalkInData
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import change_status, register
from events.programme.events.models import Event


async def add_walk_in(db: AsyncSession, event: Event, given: WalkInData, by: Actor, *, at: datetime) -> Invitation:
    """Let somebody in who has no place. Whose mailbox the project knows is not added twice; who has a place keeps it.
    The caller holds the event's lock. No mail is written: they stand at the desk."""
    person = await find_person_by_address(db, event.project_id, given.address) if given.address else None
    if person is None:
        institutions = await institutions_named(db, event.project_id, [given.institution])
        institution = institutions.get(folded(given.institution))
        person = new_person(db, event.project_id, name=given.name, address=given.address, institution=institution)
        await db.flush()
    found = await db.exec(select(Invitation).where(Invitation.event_id == event.id, Invitation.person_id == person.id))
    invitation = found.first()
    if invitation is None:
        invitation = Invitation(event_id=event.id, person_id=person.id, nominated_at=at, category=given.category)
        db.add(invitation)
        await db.flush()
    await _give_place(db, event, invitation, person, at=at)
    audit.record(db, "person.walked-in", person.id, at=at, project_id=event.project_id, by=by, event_id=event.id)
    await db.flush()
    return invitation


async def _give_place(db: AsyncSession, event: Event, invitation: Invitation, person: Person, *, at: datetime) -> None:
    latest = await db.exec(
        select(Registration).where(Registration.invitation_id == invitation.id).order_by(col(Registration.id).desc())
    )
    project = await db.get_one(Project, event.project_id)
    context = ResponseContext(invitation, event, person, project, latest.first())
    if context.registration and context.registration.status is RegistrationStatus.confirmed:
        return
    # The edges of invitations are for answers: whoever stands there has come, whatever was said before.
    invitation.status, invitation.answered_at = InvitationStatus.accepted, at
    invitation.answers += 1
    if context.registration:
        change_status(context.registration, RegistrationStatus.confirmed, event, at=at)
    else:
        register(db, context, RegistrationStatus.confirmed, at=at)
    event.is_overbooked = event.taken > event.capacity
