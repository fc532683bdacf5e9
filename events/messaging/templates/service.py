"""Keeping a project's own words, and showing them as somebody would read them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.models import Project
from directory.projects.service import get_project
from events.invitations.invitations import mails
from events.invitations.invitations.mails import MailContext
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.messaging.reminders.mails import scheduled_message
from events.messaging.templates.rules import NobodyToShow, OwnText
from events.messaging.templates.schemas import OwnTextIn
from events.programme.events.models import Event
from events.programme.events.service import list_sessions
from notifications.outbox.models import Message
from notifications.outbox.redaction import for_other_eyes

SHOWN = 20


async def set_text(
    db: AsyncSession, project_id: UUID, kind: OwnText, given: OwnTextIn, caller: Caller, *, at: datetime
) -> Project:
    """Say a mail in the project's own words; with nothing in them, in Heyet's again."""
    project = await get_project(db, project_id, caller)
    # Two who write two texts at once must not undo each other: all texts are one document.
    await db.refresh(project, with_for_update=True)
    said = {name: value for name, value in given.model_dump().items() if value}
    if project.texts.get(kind, {}) == said:
        return project
    if said:
        project.texts[kind.value] = said
    else:
        project.texts.pop(kind.value, None)
    flag_modified(project, "texts")
    audit.record(db, "texts.changed", project.id, at=at, project_id=project.id, **caller.signature, mail=kind.value)
    await db.flush()
    return project


async def readers(db: AsyncSession, project_id: UUID) -> Sequence[tuple[Invitation, Person, Event]]:
    """The last people on lists of the project whom it can be shown for."""
    found = await db.exec(
        select(Invitation, Person, Event)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(Event.project_id == project_id, col(Person.address).is_not(None))
        .order_by(col(Invitation.id).desc())
        .limit(SHOWN)
    )
    return found.all()


async def preview(
    db: AsyncSession,
    project_id: UUID,
    kind: OwnText,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    invitation_id: UUID | None = None,
) -> Message:
    """The mail as a real person of the project would get it; nothing is kept. Raises NobodyToShow."""
    project = await get_project(db, project_id, caller)
    people = await readers(db, project_id)
    row = next((r for r in people if r[0].id == invitation_id), people[0] if people else None)
    if row is None:
        raise NobodyToShow()
    invitation, person, event = row
    sessions = await list_sessions(db, event.id)
    mail = MailContext(invitation, person, event, project, sessions, f"{settings.base_url}/i/…", settings)
    return for_other_eyes(_mail(mail, kind, at=at))


def _mail(mail: MailContext, kind: OwnText, *, at: datetime) -> Message:
    match kind:
        case OwnText.invitation:
            return mails.invitation_message(mail, at=at)
        case OwnText.update:
            return mails.update_message(mail, at=at)
        case OwnText.cancellation:
            return mails.cancellation_message(mail, at=at)
        case OwnText.reminder:
            return mails.reminder_message(mail, "preview", at=at)
        case OwnText.missing:
            return mails.missing_message(mail, [], "preview", at=at)
        case OwnText.before | OwnText.after:
            return scheduled_message(mail, kind.value, "preview", at, at=at)
        case OwnText.accepted | OwnText.waiting:
            # A copy: how this person really stands is not touched.
            told = mail.invitation.model_copy(update={"status": InvitationStatus(kind.value), "invited_at": at})
            return mails.answer_message(replace(mail, invitation=told), at=at)
