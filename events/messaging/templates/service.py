"""Keeping words of a project or an event for its mails, and showing them as somebody would read them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from events.invitations.questionnaires.mails import missing_message
from events.invitations.snapshots.rules import NewDay
from events.messaging.reminders.mails import scheduled_message
from events.messaging.templates.rules import NobodyToShow, OwnText
from events.messaging.templates.schemas import OwnTextIn
from events.programme.events.models import Event
from events.programme.events.service import get_event, list_sessions
from notifications.outbox.models import Message
from notifications.outbox.redaction import for_other_eyes

SHOWN = 20


@dataclass(frozen=True)
class TextOwner:
    """Whose words: a project's, or those of one event, which come before its project's."""

    project: Project
    event: Event | None = None

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """Its own words by mail."""
        return self.event.texts if self.event else self.project.texts

    @property
    def path(self) -> str:
        """The page of them."""
        return f"/events/{self.event.id}/texts" if self.event else f"/projects/{self.project.id}/texts"


async def of_project(db: AsyncSession, project_id: UUID, caller: Caller) -> TextOwner:
    """Raises NotFound."""
    return TextOwner(await get_project(db, project_id, caller))


async def of_event(db: AsyncSession, event_id: UUID, caller: Caller) -> TextOwner:
    """Raises NotFound."""
    event = await get_event(db, event_id, caller)
    return TextOwner(await db.get_one(Project, event.project_id), event)


async def set_text(
    db: AsyncSession, owner: TextOwner, kind: OwnText, given: OwnTextIn, caller: Caller, *, at: datetime
) -> TextOwner:
    """Say a mail in words of one's own; with nothing in them, in those of the project or Heyet's again."""
    row: Project | Event = owner.event or owner.project
    # Two who write two texts at once must not undo each other: all texts are one document.
    await db.refresh(row, with_for_update=True)
    said = {name: value for name, value in given.model_dump().items() if value}
    if row.texts.get(kind, {}) == said:
        return owner
    if said:
        row.texts[kind.value] = said
    else:
        row.texts.pop(kind.value, None)
    flag_modified(row, "texts")
    audit.record(db, "texts.changed", row.id, at=at, project_id=owner.project.id, **caller.signature, mail=kind.value)
    await db.flush()
    return owner


async def readers(db: AsyncSession, owner: TextOwner) -> Sequence[tuple[Invitation, Person, Event]]:
    """The last people on its lists whom it can be shown for."""
    found = (
        select(Invitation, Person, Event)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(Event.project_id == owner.project.id, col(Person.address).is_not(None))
        .order_by(col(Invitation.id).desc())
        .limit(SHOWN)
    )
    if owner.event:
        found = found.where(Event.id == owner.event.id)
    return (await db.exec(found)).all()


async def preview(
    db: AsyncSession,
    owner: TextOwner,
    kind: OwnText,
    settings: Settings,
    *,
    at: datetime,
    invitation_id: UUID | None = None,
) -> Message:
    """The mail as a real person would get it; nothing is kept. Raises NobodyToShow."""
    people = await readers(db, owner)
    row = next((r for r in people if r[0].id == invitation_id), people[0] if people else None)
    if row is None:
        raise NobodyToShow()
    invitation, person, event = row
    sessions = await list_sessions(db, event.id)
    mail = MailContext(invitation, person, event, owner.project, sessions, f"{settings.base_url}/i/…", settings)
    return for_other_eyes(_mail(mail, kind, at=at))


def _mail(mail: MailContext, kind: OwnText, *, at: datetime) -> Message:
    match kind:
        case OwnText.invitation:
            return mails.invitation_message(mail, at=at)
        case OwnText.update:
            return mails.update_message(mail, at=at)
        case OwnText.postponement:
            return mails.update_message(replace(mail, new_day=NewDay.later), at=at)
        case OwnText.cancellation:
            return mails.cancellation_message(mail, at=at)
        case OwnText.reminder:
            return mails.reminder_message(mail, "preview", at=at)
        case OwnText.missing:
            return missing_message(mail, [], "preview", at=at)
        case OwnText.before | OwnText.after:
            return scheduled_message(mail, kind.value, "preview", at, at=at)
        case OwnText.accepted | OwnText.waiting:
            # A copy: how this person really stands is not touched.
            told = mail.invitation.model_copy(update={"status": InvitationStatus(kind.value), "invited_at": at})
            return mails.answer_message(replace(mail, invitation=told), at=at)
