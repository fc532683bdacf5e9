"""Erasing a person: at once from all that is theirs, and by a job from what others wrote, from files and from free
pages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import erasing
from core.personal_data import Subject
from core.text import address_key
from core.zones import day_in, earliest_day
from directory.people.models import Person, PersonAddress
from directory.people.service import ERASED, index_erased
from events.calendars.personal_feeds.models import Feed
from events.calendars.shared_feeds.models import SharedFeed
from events.invitations.invitations.models import Invitation, PersonalLink
from events.invitations.registrations.models import Registration
from events.nominations.public_registration.service import cancel_waiting
from events.nominations.requests.models import NominationLink
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.service import end_requests
from events.programme.events.models import Event
from notifications.inbound.models import InboundMail
from notifications.jobs.service import enqueue_job
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.suppression.models import Unsubscription

ERASE, COMPACT = erasing.JOB, "events.compact"
log = structlog.get_logger()


async def subject_of(db: AsyncSession, ids: Collection[UUID], project_id: UUID) -> Subject:
    """People of one project with all records that were merged into one, and every row that stands for them."""
    people = await _same(db, ids)
    records = (await db.exec(select(Person).where(col(Person.id).in_(people)))).all()
    others = await db.exec(select(PersonAddress.address).where(col(PersonAddress.person_id).in_(people)))
    changes = await db.exec(
        select(AddressChange.former, AddressChange.address).where(col(AddressChange.person_id).in_(people))
    )
    invitations = (await db.exec(select(Invitation.id).where(col(Invitation.person_id).in_(people)))).all()
    registrations = (await db.exec(select(Registration.id).where(col(Registration.person_id).in_(people)))).all()
    names = {name for one in records for name in (one.name, one.passport_name) if name and name != ERASED}
    addresses = {address for one in records if (address := one.address)} | set(others.all())
    addresses |= {address for pair in changes for address in pair if address}
    return Subject(
        {"person": people, "invitation": invitations, "registration": registrations},
        names - await _shared(db, names, people, project_id),
        addresses | {address_key(address) for address in addresses},
        [project_id],
    )


async def _same(db: AsyncSession, ids: Collection[UUID]) -> list[UUID]:
    """All records of these people, however they were merged, in whichever order."""
    known, fresh = set(ids), set(ids)
    while fresh:
        kept, here = col(Person.merged_into_id), col(Person.id)
        found = await db.exec(select(Person.id, Person.merged_into_id).where(sa.or_(here.in_(fresh), kept.in_(fresh))))
        fresh = {id for pair in found for id in pair if id} - known
        known |= fresh
    return sorted(known)


async def _shared(db: AsyncSession, names: Collection[str], people: Sequence[UUID], project_id: UUID) -> set[str]:
    """Names that somebody else of the project bears too: in what others wrote it cannot be told whom they meant."""
    found = await db.exec(
        select(Person.name).where(
            Person.project_id == project_id,
            col(Person.name).in_(names),
            col(Person.id).not_in(people),
            col(Person.merged_into_id).is_(None),
        )
    )
    return set(found.all())


async def erase_people(db: AsyncSession, ids: Collection[UUID], project_id: UUID, *, at: datetime) -> None:
    """Empty what is theirs, end their links, calendars and unsent mail, and enqueue the job that does the rest."""
    subject = await subject_of(db, ids, project_id)
    await _end_all(db, subject, at=at)
    hashes = await erasing.empty(db, subject)
    await cancel_waiting(db, subject.addresses, subject.projects)
    await index_erased(db, subject.ids["person"])
    await enqueue_job(
        db,
        ERASE,
        project_id=project_id,
        about_id=next(iter(ids)),
        at=at,
        files=hashes,
        names=sorted(subject.names),
        addresses=sorted(subject.addresses),
        projects=[str(id) for id in subject.projects],
    )
    await db.flush()


async def _end_all(db: AsyncSession, subject: Subject, *, at: datetime) -> None:
    """What still works, goes or waits because of them."""
    people, invitations = subject.ids["person"], subject.ids["invitation"]
    await end_requests(db, people)
    for table, theirs in (
        (PersonalLink, col(PersonalLink.invitation_id).in_(invitations)),
        (NominationLink, col(NominationLink.person_id).in_(people)),
        (Feed, col(Feed.person_id).in_(people)),
        (SharedFeed, col(SharedFeed.person_id).in_(people)),
    ):
        links: Any = table
        await db.exec(update(links).where(theirs, links.revoked_at.is_(None)).values(revoked_at=at))
    await db.exec(
        update(Message)
        .where(col(Message.person_id).in_(people), col(Message.state).in_([State.draft, State.queued]))
        .values(state=State.cancelled)
    )
    await db.exec(update(InboundMail).where(col(InboundMail.person_id).in_(people)).values(is_open=False))
    await db.exec(sa.delete(Unsubscription).where(col(Unsubscription.person_id).in_(people)))


async def events_ahead(
    db: AsyncSession, people: Collection[UUID], statuses: Collection[Any], *, at: datetime
) -> Event | None:
    """An event to which they are still asked and that is not over."""
    found = await db.exec(
        select(Event)
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(
            col(Invitation.person_id).in_(people),
            col(Invitation.status).in_(statuses),
            col(Event.last_day) >= earliest_day(at=at),
        )
    )
    return next((event for event in found if event.last_day >= day_in(event.zone, at=at)), None)
