"""Making one person's documents, and knowing who has which."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.ical import feed_calendar
from core.documents.pdf import PDF
from core.i18n import words
from core.settings import Settings
from directory.people.models import Person
from directory.projects.models import Project
from events.attendance.certificates import service as certificates
from events.attendance.certificates.models import Certificate
from events.attendance.certificates.rules import CertificateState
from events.calendars.personal_feeds.models import Feed
from events.calendars.personal_feeds.service import Shown, entries_of
from events.invitations.invitations.models import Invitation
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.messaging.attachments.rules import WHO, AttachmentKind, AttachmentMissing
from events.programme.events.models import Event
from notifications.jobs.context import Attached, AttachmentBuilder

Concerned = tuple[Registration, Event, Person, Project]


class OfOne(Protocol):
    """Makes somebody's document; None where there is none any more."""

    async def __call__(
        self, db: AsyncSession, one: Concerned, settings: Settings, /, *, at: datetime
    ) -> Attached | None: ...


async def must_have(
    db: AsyncSession, invitation_ids: Collection[UUID], attachments: Sequence[str], language: str
) -> None:
    """Raises AttachmentMissing where somebody of these would get a mail without its document."""
    for kind in map(AttachmentKind, attachments):
        has_place = select(Registration.invitation_id).where(
            col(Registration.invitation_id).in_(invitation_ids), Registration.status == RegistrationStatus.confirmed
        )
        if kind is AttachmentKind.certificate:
            has_place = has_place.where(
                sa.exists().where(
                    col(Certificate.registration_id) == Registration.id,
                    col(Certificate.state) == CertificateState.valid,
                )
            )
        count = (await db.exec(select(sa.func.count()).select_from(has_place.subquery()))).one()
        if count < len(invitation_ids):
            raise AttachmentMissing(count=len(invitation_ids) - count, who=words(language).translate(WHO[kind]))


def reference(kind: str, invitation_id: UUID) -> str:
    """How a message says which document goes with it."""
    return f"{kind}:{invitation_id}"


def of_confirmed(make: OfOne) -> AttachmentBuilder:
    """A builder that is told whose document it is as things stand when the mail leaves; none where the place is gone by
    then."""

    async def builder(db: AsyncSession, invitation_id: UUID, settings: Settings, /, *, at: datetime) -> Attached | None:
        one = await _concerned(db, invitation_id)
        return await make(db, one, settings, at=at) if one else None

    return builder


async def _concerned(db: AsyncSession, invitation_id: UUID) -> Concerned | None:
    found = await db.exec(
        select(Registration, Event, Person, Project)
        .join(Event, col(Event.id) == Registration.event_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Project, col(Project.id) == Event.project_id)
        .join(Invitation, col(Invitation.id) == Registration.invitation_id)
        .where(Invitation.id == invitation_id, Registration.status == RegistrationStatus.confirmed)
    )
    return found.first()


@of_confirmed
async def calendar(db: AsyncSession, one: Concerned, settings: Settings, *, at: datetime) -> Attached:
    """The sessions that the person attends, as their feed would show them."""
    registration, event, person, _ = one
    shown = Shown(Feed(person_id=person.id, token_hash=""), "", person.language, [(registration, event)])
    title = event.title_in(person.language)
    content = feed_calendar(await entries_of(db, shown, settings), name=title, about=title, zone=event.zone, address="")
    return Attached("programme.ics", "text/calendar", content)


@of_confirmed
async def certificate(db: AsyncSession, one: Concerned, settings: Settings, *, at: datetime) -> Attached | None:
    """The certificate that the person holds, as it was issued."""
    row = await certificates.valid_of(db, one[0].id)
    return Attached("certificate.pdf", PDF, await certificates.read(row, settings.files)) if row else None
