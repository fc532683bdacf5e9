"""Naming people for an event, asking them, and keeping them told."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor, ActorKind
from core.errors import NotFound
from core.rows import add_rows
from core.security import hash_token, new_token
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.people.service import must_be_people
from directory.projects.models import Project
from events.invitations.invitations import mails, rules
from events.invitations.invitations.mails import MailContext
from events.invitations.invitations.models import Invitation, PersonalLink
from events.invitations.invitations.rules import InvitationStatus, Origin
from events.invitations.snapshots import service as snapshots
from events.programme.events.mails import CANCELLATION
from events.programme.events.models import Event
from events.programme.events.rules import EventState, must_take_answers, must_take_place
from events.programme.events.service import get_event, list_sessions, lock_event
from notifications.batches.service import omit_without_address, open_batch
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import cancel_unsent, enqueue

INVITE = "events.invite"
# A batch is one transaction that holds the event's lock: whoever answers meanwhile waits for so many mails at most.
BATCH = 50


async def nominate(
    db: AsyncSession,
    event: Event,
    people: Sequence[UUID],
    caller: Caller,
    *,
    at: datetime,
    source_id: UUID | None = None,
    origin: Origin = Origin.organiser,
) -> int:
    """Name people of the event's project. Those named already stay as they are; withdrawn ones are named anew.
    Returns how many were named.

    Raises Unacceptable for somebody whom the project does not know.
    """
    must_take_place(event.state)
    await must_be_people(db, event.project_id, people, "people")
    found = await db.exec(
        select(Invitation).where(Invitation.event_id == event.id, col(Invitation.person_id).in_(people))
    )
    known = {invitation.person_id: invitation for invitation in found}
    fresh, again = [id for id in people if id not in known], []
    for person_id in people:
        invitation = known.get(person_id)
        if invitation and invitation.status is InvitationStatus.withdrawn:
            invitation.status, invitation.source_id, invitation.nominated_at = (
                InvitationStatus.nominated,
                source_id,
                at,
            )
            # A new round gives their mails other keys and their entry a higher sequence: both would be ignored else.
            invitation.round += 1
            invitation.origin, invitation.reapplied_at = origin, None
            again.append(person_id)
    # That they are not invited any more need not be said.
    await cancel_unsent(db, again, event.id, [CANCELLATION])
    row = {"event_id": event.id, "nominated_at": at, "source_id": source_id, "origin": origin}
    await add_rows(db, Invitation, [{**row, "person_id": id} for id in dict.fromkeys(fresh)])
    named = [*dict.fromkeys(fresh), *again]
    project_id = event.project_id
    await audit.record_each(
        db, "person.nominated", named, at=at, project_id=project_id, **caller.signature, event_id=event.id
    )
    await db.flush()
    return len(named)


async def count_by_answer(db: AsyncSession, event_id: UUID) -> dict[InvitationStatus, int]:
    """How many invitations stand how; a status that none has is left out."""
    found = await db.exec(
        select(Invitation.status, sa.func.count())
        .where(Invitation.event_id == event_id)
        .group_by(col(Invitation.status))
    )
    return {InvitationStatus(status): count for status, count in found}


async def count_concerned(db: AsyncSession, event_id: UUID) -> list[tuple[str, int]]:
    """How many stand how, in words, without those withdrawn: whom a postponement touches."""
    counts = await count_by_answer(db, event_id)
    return [
        (rules.INVITATION_STATUSES[answer], counts.get(answer, 0))
        for answer in InvitationStatus
        if answer is not InvitationStatus.withdrawn
    ]


async def invite(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> Job:
    """Ask everybody who is named and not asked yet, by a job. The mails are drafts until they are released.

    Raises NobodyToInvite, NobodyReachable, EventIsOff.
    """
    event = await get_event(db, event_id, caller)
    must_take_answers(event.state)
    listed = select(Person.address).join(Invitation, col(Invitation.person_id) == Person.id)
    to_ask = listed.where(*are_to_be_asked(event_id)).order_by(col(Person.address).is_(None)).limit(1)
    addresses = (await db.exec(to_ask)).all()
    if not any(addresses):
        raise rules.NobodyReachable() if addresses else rules.NobodyToInvite()
    if event.state is EventState.draft:
        event.state = EventState.published
    audit.record(db, "event.invited", event.id, at=at, project_id=event.project_id, **caller.signature)
    await open_batch(db, (event.project_id, event.id, mails.INVITATION), "", caller, at=at)
    return await enqueue_job(db, INVITE, project_id=event.project_id, about_id=event.id, at=at)


def are_to_be_asked(event_id: UUID) -> tuple[Any, ...]:
    """Who is on the list and is invited with the others: conditions of a query."""
    # Reserves are asked by name, when somebody else does not come.
    return (
        Invitation.event_id == event_id,
        Invitation.status == InvitationStatus.nominated,
        col(Invitation.is_reserve).is_(False),
    )


async def invite_batch(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> tuple[int, int]:
    """Ask the next fifty. Returns how many were asked and how many are still to be asked."""
    event = await lock_event(db, event_id)
    waiting = (*are_to_be_asked(event_id), is_reachable())
    total = (await db.exec(select(sa.func.count()).select_from(Invitation).where(*waiting))).one()
    if event.state is EventState.cancelled:
        # Called off since the job was enqueued: nothing is left to do, so the job ends.
        return 0, 0
    unreachable = select(Invitation.person_id).where(*are_to_be_asked(event_id), ~is_reachable())
    people = (await db.exec(unreachable)).all()
    await omit_without_address(db, (event.project_id, event.id, mails.INVITATION), people, at=at)
    mail = await _ask(db, event, settings, *waiting, at=at)
    return mail, total - mail


async def invite_some(db: AsyncSession, event: Event, settings: Settings, ids: Sequence[UUID], *, at: datetime) -> int:
    """Ask these, at most fifty, as far as they are named, not asked yet and have an address. The caller holds the
    event's lock."""
    are_named = Invitation.status == InvitationStatus.nominated
    return await _ask(db, event, settings, col(Invitation.id).in_(ids), are_named, is_reachable(), at=at)


async def _ask(db: AsyncSession, event: Event, settings: Settings, *which: object, at: datetime) -> int:
    mail = await load_mail_contexts(db, event, settings, *which, at=at)
    for one in mail:
        one.invitation.status, one.invitation.invited_at = InvitationStatus.invited, at
        one.invitation.notified_sequence = event.sequence
    if mail:
        await snapshots.keep(db, event, snapshots.content_of(event, mail[0].sessions))
    await enqueue(db, [mails.invitation_message(one, at=at) for one in mail])
    return len(mail)


def is_reachable() -> sa.ColumnElement[bool]:
    """Whether an invitation's person has an address: who has none is asked by a link that is handed over."""
    has_address = sa.exists().where(col(Person.id) == Invitation.person_id, col(Person.address).is_not(None))
    return has_address.correlate(Invitation)


def waits_for(*kinds: str) -> sa.ColumnElement[bool]:
    """Whether a mail of these kinds to an invitation's person waits to be sent."""
    return sa.exists().where(
        col(Message.about_id) == Invitation.event_id,
        col(Message.person_id) == Invitation.person_id,
        col(Message.kind).in_(kinds),
        col(Message.state) == State.draft,
    )


def is_unreleased() -> sa.ColumnElement[bool]:
    """Whether the question is written and waits to be sent: nobody has asked this person yet."""
    return waits_for(mails.INVITATION)


def known_status() -> Any:
    """Where an invitation stands for those who count: who is written to by a draft is not invited yet."""
    status: Any = Invitation.status
    is_draft = sa.and_(status.in_(rules.UNANSWERED), is_unreleased())
    return sa.case((is_draft, sa.literal(InvitationStatus.nominated, status.type)), else_=status)


async def load_mail_contexts(
    db: AsyncSession, event: Event, settings: Settings, *which: object, at: datetime
) -> list[MailContext]:
    """At most fifty invitations with all that a mail needs, each with a fresh personal link."""
    project = await db.get_one(Project, event.project_id)
    sessions = await list_sessions(db, event.id)
    rows = await db.exec(
        select(Invitation, Person)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(*which)  # type: ignore[arg-type]
        .order_by(col(Invitation.id))
        .limit(BATCH)
    )
    return [
        MailContext(invitation, person, event, project, sessions, new_link(db, invitation, settings, at=at), settings)
        for invitation, person in rows
    ]


def actor_of(invitation: Invitation, caller: Caller | None) -> Actor:
    """Who answers: staff, the person, or somebody who says that they answer for the person."""
    if caller:
        return Actor.account(caller.account_id)
    return Actor(ActorKind.proxy if invitation.answered_by else ActorKind.person, invitation.person_id)


async def note_opened(db: AsyncSession, invitation_id: UUID, *, at: datetime) -> None:
    """When the personal page was first seen; later looks change nothing."""
    await db.exec(
        update(Invitation)
        .where(col(Invitation.id) == invitation_id, col(Invitation.opened_at).is_(None))
        .values(opened_at=at)
    )


def new_link(db: AsyncSession, invitation: Invitation, settings: Settings, *, at: datetime) -> str:
    """The address of the person's own page, with a token that nobody else has. It is kept in the mail alone: here only
    its hash is, so every mail makes another one, and all of them open the page."""
    token = new_token()
    db.add(PersonalLink(invitation_id=invitation.id, token_hash=hash_token(token), made_at=at))
    return f"{settings.base_url}/i/{token}"


async def revoke_links(db: AsyncSession, invitation_id: UUID, *, at: datetime, but: Collection[str] = ()) -> None:
    """End all links of an invitation, also those in mails that have not left yet, but those with these hashes."""
    await db.exec(
        update(PersonalLink)
        .where(
            col(PersonalLink.invitation_id) == invitation_id,
            col(PersonalLink.revoked_at).is_(None),
            col(PersonalLink.token_hash).not_in(but),
        )
        .values(revoked_at=at)
    )


async def link_by_hand(
    db: AsyncSession,
    invitation_id: UUID,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    is_only_one: bool = False,
) -> str:
    """A link to hand over where mail does not reach. Earlier ones go on working, unless this is to be the only one."""
    invitation = await get_invitation(db, invitation_id, caller)
    if invitation.status is InvitationStatus.withdrawn:
        raise rules.NotAsked()
    if is_only_one:
        await revoke_links(db, invitation.id, at=at)
    if invitation.status is InvitationStatus.nominated:
        invitation.status, invitation.invited_at = InvitationStatus.invited, at
    audit.record(db, "link.made", invitation.person_id, at=at, **caller.signature)
    return new_link(db, invitation, settings, at=at)


async def events_of(db: AsyncSession, person_id: UUID, caller: Caller) -> list[tuple[str, date, str, str]]:
    """The events of the caller's projects in which a person was named: title, first day, status, address."""
    found = await db.exec(
        select(Event, Invitation)
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(Invitation.person_id == person_id, col(Event.project_id).in_(caller.projects))
        .order_by(col(Event.first_day).desc())
        .limit(100)
    )
    return [
        (
            event.title_in(caller.language),
            event.first_day,
            rules.INVITATION_STATUSES[invitation.status],
            f"/events/{event.id}/people",
        )
        for event, invitation in found
    ]


async def get_invitation(db: AsyncSession, invitation_id: UUID, caller: Caller) -> Invitation:
    """To look at; who decides about it takes `lock_context_for`. Raises NotFound, for another project's too."""
    invitation = await db.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound()
    await get_event(db, invitation.event_id, caller)
    return invitation
