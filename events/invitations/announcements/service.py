"""Writing to those who do not know how an event stands now: what was and what is, in mails that wait."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.i18n import words
from core.settings import Settings
from directory.people.models import Person
from events.invitations.invitations import mails, rules
from events.invitations.invitations.mails import MailContext
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.invitations.service import INVITE, load_mail_contexts, waits_for
from events.invitations.snapshots import service as snapshots
from events.invitations.snapshots.rules import NewDay, new_day
from events.programme.events.mails import CANCELLATION, PART, UPDATE
from events.programme.events.models import Event
from events.programme.events.rules import EventState
from events.programme.events.service import ANNOUNCE, NOTIFY_SPEAKERS, lock_event
from notifications.batches.service import omit_without_address, waiting
from notifications.jobs.models import Job
from notifications.jobs.service import is_under_way
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import cancel_unsent, enqueue
from notifications.releases.service import close_emptied

_OF_EVENT = (mails.INVITATION, UPDATE, CANCELLATION)


async def announce_batch(
    db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime, only_drafts: bool = False
) -> tuple[int, int]:
    """Write to the next fifty who do not know the event's present sequence, or only to those for whom something waits
    already; it waits to be sent. A question nobody has sent yet is written anew instead: its reader has seen nothing.
    Returns how many were written to and how many are still to be."""
    event = await lock_event(db, event_id)
    untold = [
        col(Invitation.event_id) == event_id,
        col(Invitation.status).in_(rules.CONCERNED),
        col(Invitation.notified_sequence) < event.sequence,
    ]
    if only_drafts:
        untold.append(waits_for(*_OF_EVENT))
    total = (await db.exec(select(sa.func.count()).select_from(Invitation).where(*untold))).one()
    mail = await load_mail_contexts(db, event, settings, *untold, at=at)
    people = [one.person.id for one in mail]
    waiting_for = await _waiting_for(db, event_id, people)
    known = {
        one.person.id: waiting_for.get(one.person.id, {}).get("told", one.invitation.notified_sequence) for one in mail
    }
    mail = await _with_changes(db, event, mail, known)
    # What has not left tells an older state: it must not arrive after what is written now.
    await cancel_unsent(db, people, event_id, _OF_EVENT)
    messages: list[Message] = []
    for one in mail:
        one.invitation.notified_sequence = event.sequence
        if not one.person.address:
            continue
        if mails.INVITATION in waiting_for.get(one.person.id, {}):
            messages += _asked_anew(one, at=at)
        elif one.changes is not None:
            is_off = event.state is EventState.cancelled
            message = (mails.cancellation_message if is_off else mails.update_message)(one, at=at)
            message.told_before = known[one.person.id]
            messages.append(message)
    with waiting(db):
        await enqueue(db, messages)
    kind = CANCELLATION if event.state is EventState.cancelled else UPDATE
    unreachable = [one.person.id for one in mail if not one.person.address and one.changes is not None]
    await omit_without_address(db, (event.project_id, event.id, kind), unreachable, at=at)
    return len(mail), total - len(mail)


async def close_batches(db: AsyncSession, job: Job) -> None:
    """End batches that turned out empty, or whose mails others replaced: the next step says why anew. The last job of
    several does it, for a batch is begun before the job that fills it."""
    event = await lock_event(db, job.about_id)
    if not await is_under_way(db, event.id, [ANNOUNCE, INVITE, NOTIFY_SPEAKERS], but=job.id):
        await close_emptied(db, event.id, (*_OF_EVENT, PART))


def _asked_anew(one: MailContext, *, at: datetime) -> list[Message]:
    """The question as it stands now. Of what is called off nobody is asked; should it take place after all, they are
    still to be asked."""
    if one.event.state is not EventState.cancelled:
        return [mails.invitation_message(one, at=at)]
    if one.invitation.status is InvitationStatus.invited:
        one.invitation.status, one.invitation.invited_at = InvitationStatus.nominated, None
    return []


async def _with_changes(
    db: AsyncSession, event: Event, mail: list[MailContext], known: Mapping[UUID, int]
) -> list[MailContext]:
    """Each with what changed since they were told last, by the sequence they know; none where that is how it stands
    now. Keeps what is told now."""
    if not mail:
        return mail
    now = snapshots.content_of(event, mail[0].sessions)
    told = await snapshots.kept(db, event.id, set(known.values()))
    await snapshots.keep(db, event, now)
    readers = {(known[one.person.id], one.person.language) for one in mail}
    changes = {
        (sequence, language): None
        if told[sequence] == now
        else snapshots.in_words(told[sequence], now, words(language))
        for sequence, language in readers
        if sequence in told
    }
    days = {sequence: new_day(before, now) for sequence, before in told.items()}

    def told_what(one: MailContext) -> MailContext:
        sequence = known[one.person.id]
        lines = changes.get((sequence, one.person.language), ())
        return replace(one, changes=lines, new_day=days.get(sequence, NewDay.same))

    return [told_what(one) for one in mail]


async def _waiting_for(db: AsyncSession, event_id: UUID, people: Iterable[UUID]) -> dict[UUID | None, dict[str, int]]:
    """What has not left to these people: whether the question is among it, and which sequence they knew before."""
    found = await db.exec(
        select(Message.person_id, Message.kind, Message.state, Message.told_before).where(
            Message.about_id == event_id,
            col(Message.person_id).in_(list(people)),
            col(Message.kind).in_(_OF_EVENT),
            col(Message.state).in_([State.draft, State.queued]),
        )
    )
    waiting_for: dict[UUID | None, dict[str, int]] = {}
    for person_id, kind, state, told_before in found:
        mine = waiting_for.setdefault(person_id, {})
        if kind == mails.INVITATION and state is State.draft:
            mine[kind] = 1
        elif told_before is not None:
            mine["told"] = min(told_before, mine.get("told", told_before))
    return waiting_for


async def count_readers(db: AsyncSession, event_id: UUID) -> int:
    """How many would be written to where the event moves."""
    found = await db.exec(
        select(sa.func.count())
        .select_from(Invitation)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(
            Invitation.event_id == event_id,
            col(Invitation.status).in_(rules.CONCERNED),
            col(Person.address).is_not(None),
        )
    )
    return found.one()
