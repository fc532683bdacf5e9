"""One step for many people: seeing whom it touches, enqueueing it, and taking it a few at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.rules import Right, Role
from directory.people.models import Person
from directory.projects.service import may_send
from events.invitations.invitations import mails
from events.invitations.invitations.mails import MailContext
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.invitations.service import invite_some, is_unreleased, load_mail_contexts
from events.invitations.questionnaires.mails import missing_message
from events.invitations.questionnaires.rules import missing
from events.invitations.questionnaires.service import answers_of, list_questions
from events.invitations.registrations.models import Registration, is_active_of, lacks_data
from events.invitations.registrations.rules import HOLDING
from events.invitations.responses.service import add, decide, withdraw
from events.invitations.waiting_list.service import count_moving_up
from events.participants.bulk.rules import BULK, Bulk, NobodyTouched
from events.participants.bulk.schemas import BulkIn, BulkPreview
from events.programme.events.models import Event
from events.programme.events.rules import EventState, must_take_answers
from events.programme.events.service import lock_event, lock_event_for
from notifications.batches.service import waiting
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from notifications.outbox.service import enqueue

BULK_STEP = "events.bulk"
BATCH = 25
OFFER = f"events/{InvitationStatus.offered}"


def _touched(event: Event, action: Bulk, ids: Sequence[UUID]) -> Any:
    rows = (
        select(Invitation, Person.address)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(
            Invitation.event_id == event.id,
            col(Invitation.id).in_(ids),
            col(Invitation.status).in_(BULK[action].touches),
        )
    )
    if action is Bulk.invite:
        rows = rows.where(col(Person.address).is_not(None))
    if action is Bulk.ask_missing:
        rows = rows.join(Registration, is_active_of(Invitation.id)).where(lacks_data())
    return rows


async def preview(db: AsyncSession, event: Event, given: BulkIn, caller: Caller, *, at: datetime) -> BulkPreview:
    """Whom the step would touch, who of them hears of it by mail, who stays as they are, and whom else it writes to:
    places that become free go to those who wait."""
    found = (await db.exec(_touched(event, given.action, given.invitations))).all()
    told = sum(1 for _, address in found if address)
    moving_up = 0
    if given.action is Bulk.withdraw and found and may_send(event.project_id, caller):
        freed = await db.exec(
            select(Registration.guests).where(
                col(Registration.invitation_id).in_([invitation.id for invitation, _ in found]),
                col(Registration.status).in_(HOLDING),
            )
        )
        places = sum(1 + guests for guests in freed)
        moving_up = await count_moving_up(db, event, at=at, places=event.capacity + places) if places else 0
    untouched = len(set(given.invitations)) - len(found)
    return BulkPreview(touched=len(found), told=told, untouched=untouched, moving_up=moving_up)


async def order(db: AsyncSession, event_id: UUID, given: BulkIn, caller: Caller, *, at: datetime) -> Job:
    """Enqueue the step for those whom it touches; what they are told waits to be sent. Raises NobodyTouched."""
    event = await lock_event_for(db, event_id, caller)
    must_take_answers(event.state)
    found = (await db.exec(_touched(event, given.action, given.invitations))).all()
    if not found:
        raise NobodyTouched()
    if given.action is Bulk.invite and event.state is EventState.draft:
        event.state = EventState.published
    audit.record(
        db,
        f"bulk.{given.action}",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=len(found),
        reason=given.reason,
    )
    return await enqueue_job(
        db,
        BULK_STEP,
        project_id=event.project_id,
        about_id=event.id,
        at=at,
        action=given.action,
        ids=[str(invitation.id) for invitation, _ in found],
        reason=given.reason,
        actor_id=str(caller.account_id),
        # As what they ordered it: the job may no more than they might then.
        roles=sorted(caller.roles.get(event.project_id, ())),
        rights=sorted(caller.rights),
    )


async def take(db: AsyncSession, job: Job, ids: Sequence[UUID], settings: Settings, *, at: datetime) -> None:
    """The step for a few of them. May run twice: whoever has been touched already is so no longer."""
    event = await lock_event(db, job.about_id)
    action = Bulk(job.payload["action"])
    roles = {event.project_id: frozenset(map(Role, job.payload.get("roles", ())))}
    rights = frozenset(map(Right, job.payload.get("rights", ())))
    actor = UUID(job.payload["actor_id"])
    caller = Caller(actor, "", "en", roles, rights, projects=frozenset({event.project_id}))
    rows = (await db.exec(_touched(event, action, ids))).all()
    touched = [invitation for invitation, _ in rows]
    if not touched:
        return
    # An offer ends after some hours: it cannot wait for anybody.
    with waiting(db, but={OFFER}, about_version=event.sequence):
        await _step(db, event, touched, action, caller, job, settings, at=at)


async def _step(
    db: AsyncSession,
    event: Event,
    touched: Sequence[Invitation],
    action: Bulk,
    caller: Caller,
    job: Job,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    reason = job.payload["reason"]
    if action is Bulk.invite:
        await invite_some(db, event, settings, [i.id for i in touched], at=at)
    elif action is Bulk.add:
        await add(db, event.id, [i.person_id for i in touched], caller, settings, at=at)
    elif action in (Bulk.admit, Bulk.reject):
        for invitation in touched:
            await decide(db, invitation.id, action is Bulk.admit, reason, caller, settings, at=at)
    elif action is Bulk.withdraw:
        for invitation in touched:
            await withdraw(db, invitation.id, reason, caller, settings, at=at)
    else:
        await _remind(db, event, [i.id for i in touched], action, job, settings, at=at)


async def _remind(
    db: AsyncSession, event: Event, ids: Sequence[UUID], action: Bulk, job: Job, settings: Settings, *, at: datetime
) -> None:
    asked = [~is_unreleased()] if action is Bulk.remind else []
    mail = await load_mail_contexts(db, event, settings, col(Invitation.id).in_(ids), *asked, at=at)
    mail = [one for one in mail if one.person.address]
    if action is Bulk.remind:
        await enqueue(db, [mails.reminder_message(one, str(job.id), at=at) for one in mail])
        return
    questions = await list_questions(db, event.id)
    answers = await answers_of(db, [one.invitation.id for one in mail])

    def labels(one: MailContext) -> list[str]:
        said = answers.get(one.invitation.id, {})
        left = {q.id for q in missing([q.asking for q in questions], said, one.invitation.category)}
        return [q.label_in(one.person.language) for q in questions if q.id in left]

    await enqueue(db, [missing_message(one, labels(one), str(job.id), at=at) for one in mail])
