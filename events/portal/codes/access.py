"""Whose link it is: where the code goes, and what it is about."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from core.db import ReadDb
from core.limits import limits_of
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations.access import Participant
from events.invitations.link_sessions.rules import NoMailbox
from events.nominations.requests.access import FocalPointCaller
from events.nominations.requests.models import NominationRequest
from events.programme.events.models import Event


@dataclass(frozen=True)
class LinkOwner:
    """The person to whom a link was mailed, for which event of which project."""

    link_id: UUID
    # The invitation or the call.
    about_id: UUID
    person: Person
    project: Project
    event: Event


async def owner_of_invitation(participant: Participant, db: ReadDb) -> LinkOwner:
    return await _owner(db, participant.link_id, participant.invitation_id, participant.person_id, participant.event_id)


async def owner_of_call(caller: FocalPointCaller, db: ReadDb) -> LinkOwner:
    call = await db.get_one(NominationRequest, caller.call_id)
    if caller.person_id is None:
        # A printed link is nobody's: who gave the names goes on seeing them in their browser only.
        raise NoMailbox()
    return await _owner(db, caller.link_id, call.id, caller.person_id, call.event_id)


async def _owner(db: AsyncSession, link_id: UUID, about_id: UUID, person_id: UUID, event_id: UUID) -> LinkOwner:
    event = await db.get_one(Event, event_id)
    person, project = await db.get_one(Person, person_id), await db.get_one(Project, event.project_id)
    return LinkOwner(link_id, about_id, person, project, event)


async def must_allow_mail(request: Request, owner: LinkOwner) -> None:
    """Three codes in a quarter of an hour and ten a day, so that nobody's mailbox is flooded. Raises TooMany."""
    for rate in ("3/15 minutes", "10/day"):
        await limits_of(request).must_allow(rate, "link-code", str(owner.person.id))


async def must_allow_try(request: Request, owner: LinkOwner) -> None:
    """Of a million codes thirty may be tried a day, whoever tries. Raises TooMany."""
    for rate in ("8/15 minutes", "30/day"):
        await limits_of(request).must_allow(rate, "link-code-tried", str(owner.person.id))


owner_of_invitation.declares = "participant"  # type: ignore[attr-defined]
owner_of_call.declares = "focal-point"  # type: ignore[attr-defined]
