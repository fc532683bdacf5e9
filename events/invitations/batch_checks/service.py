"""Before mails about an event are written and leave: what to look at, are they still right, who gets none."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import domain_in
from core.zones import day_in
from directory.people.models import Person
from events.invitations.batch_checks.rules import DomainCount, PreflightFinding, Readiness, findings
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import UNANSWERED, InvitationStatus
from events.invitations.invitations.service import are_to_be_asked
from events.programme.events.models import Event, Session
from events.programme.events.rules import CLOSED
from notifications.batches.models import MessageBatch
from notifications.batches.rules import BatchBeingWritten, BatchIsOff, BatchMoved, Omitted
from notifications.outbox.models import Message
from notifications.outbox.rules import State

_OFF_THE_LIST = (InvitationStatus.withdrawn, InvitationStatus.substituted)


async def _must_be_right(db: AsyncSession, batch: MessageBatch) -> None:
    """Raises BatchIsOff where the event does not take place, BatchMoved where the mails tell an older time or place."""
    event = await db.get(Event, batch.about_id)
    if event is not None and event.state in CLOSED:
        raise BatchIsOff()
    if event is not None and batch.about_version is not None and batch.about_version < event.sequence:
        raise BatchMoved()


async def check_event(db: AsyncSession, batch: MessageBatch) -> dict[UUID, Omitted]:
    """What holds of every mail about an event. Who was taken off its list, or replaced, gets none."""
    await _must_be_right(db, batch)
    return await _of_status(db, batch, Omitted.left_list, *_OFF_THE_LIST)


async def check_reminder(db: AsyncSession, batch: MessageBatch) -> Mapping[UUID, Omitted]:
    """Who has answered since gets no reminder."""
    await _must_be_right(db, batch)
    answered = [status for status in InvitationStatus if status not in UNANSWERED]
    return await _of_status(db, batch, Omitted.answered, *answered)


async def check_accepted(db: AsyncSession, batch: MessageBatch) -> Mapping[UUID, Omitted]:
    """Nobody is told of a place that they have not any more."""
    return await _check_status(db, batch, InvitationStatus.accepted)


async def check_waiting(db: AsyncSession, batch: MessageBatch) -> Mapping[UUID, Omitted]:
    """Nobody is told that they wait who does not any more."""
    return await _check_status(db, batch, InvitationStatus.waiting)


async def check_refused(db: AsyncSession, batch: MessageBatch) -> Mapping[UUID, Omitted]:
    """Nobody is told that they have no place who was let in since."""
    others = [status for status in InvitationStatus if status is not InvitationStatus.rejected]
    return await _of_status(db, batch, Omitted.answered, *others)


async def _check_status(db: AsyncSession, batch: MessageBatch, status: InvitationStatus) -> Mapping[UUID, Omitted]:
    others = [one for one in InvitationStatus if one is not status and one not in _OFF_THE_LIST]
    return await check_event(db, batch) | await _of_status(db, batch, Omitted.answered, *others)


async def check_programme(db: AsyncSession, batch: MessageBatch) -> Mapping[UUID, Omitted]:
    """Of the programme people are told how it stands now. Raises BatchBeingWritten while mails are written anew."""
    event = await db.get(Event, batch.about_id)
    if event is not None:
        behind = _drafted(batch).where(col(Invitation.notified_sequence) < event.sequence)
        if (await db.exec(behind.limit(1))).first():
            raise BatchBeingWritten()
    return {}


def _drafted(batch: MessageBatch) -> Any:
    """The people of mails that wait, with their invitations."""
    return (
        select(Message.person_id)
        .join(
            Invitation,
            sa.and_(col(Invitation.event_id) == Message.about_id, col(Invitation.person_id) == Message.person_id),
        )
        .where(Message.batch_id == batch.id, Message.state == State.draft)
    )


async def _of_status(
    db: AsyncSession, batch: MessageBatch, why: Omitted, *statuses: InvitationStatus
) -> dict[UUID, Omitted]:
    found = await db.exec(_drafted(batch).where(col(Invitation.status).in_(statuses)))
    return dict.fromkeys(found.all(), why)


async def ask_later(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """Invitations that are discarded have asked nobody: these people are still to be invited."""
    await db.exec(
        update(Invitation)
        .where(
            col(Invitation.event_id) == batch.about_id,
            col(Invitation.person_id).in_(people),
            col(Invitation.status) == InvitationStatus.invited,
        )
        .values(status=InvitationStatus.nominated, invited_at=None, notified_sequence=-1)
    )


async def tell_later(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """News that are discarded have told nobody: the next ones begin from what these people knew before."""
    knew = (
        select(sa.func.min(Message.told_before))
        .where(
            Message.batch_id == batch.id,
            Message.person_id == Invitation.person_id,
            Message.state == State.draft,
            col(Message.told_before).is_not(None),
        )
        .correlate(Invitation)
        .scalar_subquery()
    )
    await db.exec(
        update(Invitation)
        .where(
            col(Invitation.event_id) == batch.about_id,
            col(Invitation.person_id).in_(people),
            knew.is_not(None),
        )
        .values(notified_sequence=knew)
        .execution_options(synchronize_session=False)
    )


async def titles_of(db: AsyncSession, ids: Collection[UUID], language: str) -> dict[UUID, str]:
    """What events that mails are about are called."""
    found = await db.exec(select(Event).where(col(Event.id).in_(ids)))
    return {event.id: event.title_in(language) for event in found}


async def preflight(db: AsyncSession, event: Event, *, at: datetime) -> list[PreflightFinding]:
    """What to look at before those who are on the list are invited; three queries."""
    is_unreachable, tongue = col(Person.address).is_(None), col(Person.language)
    counted = (
        select(
            sa.func.count(),
            sa.func.count().filter(is_unreachable),
            sa.func.count().filter(tongue == "tr"),
            sa.func.count().filter(tongue == "en"),
        )
        .join(Invitation, col(Invitation.person_id) == Person.id)
        .where(*are_to_be_asked(event.id))
    )
    to_ask, without_address, readers_tr, readers_en = (await db.exec(counted)).one()
    if not to_ask:
        return []
    held = select(sa.func.count()).where(Session.event_id == event.id, col(Session.removed_at).is_(None))
    readiness = Readiness(
        to_ask=to_ask,
        without_address=without_address,
        readers_tr=readers_tr,
        readers_en=readers_en,
        free=None if event.limit is None else event.limit - event.taken,
        sessions=(await db.exec(held)).one(),
        place=event.venue or event.online_url,
        answer_by=event.answer_by,
        is_translated=bool(event.title_en or event.title_tr),
        clock=event.clock_findings,
        domains=await _domains(db, event.id),
    )
    return list(findings(readiness, day_in(event.zone, at=at)))


async def _domains(db: AsyncSession, event_id: UUID) -> list[DomainCount]:
    """The domains of an event's list, the most frequent first."""
    domain, people = domain_in(col(Person.address)).label("domain"), sa.func.count()
    found = await db.exec(
        select(domain, people, people.filter(*are_to_be_asked(event_id)))
        .join(Invitation, col(Invitation.person_id) == Person.id)
        .where(Invitation.event_id == event_id, col(Person.address).is_not(None))
        .group_by(domain)
        .order_by(people.desc(), domain)
    )
    return [DomainCount(*row) for row in found.all()]
