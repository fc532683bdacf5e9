"""Gathering what is new, and enqueueing the digest once a day to those who organise."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import ActorKind, AuditEntry
from core.i18n import words
from core.settings import Settings
from core.zones import day_in
from directory.accounts.access import Caller
from directory.accounts.models import Account, Membership
from directory.accounts.rules import Right, Role, holds
from directory.projects.models import Project
from directory.projects.service import get_project
from directory.tasks.rules import Task
from directory.tasks.service import tasks_of
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import BY_ORGANISER, UNANSWERED
from events.invitations.invitations.service import is_unreleased
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.messaging.digests import rules
from events.messaging.digests.mails import DIGEST, digest_message
from events.messaging.digests.models import DigestDay, DigestRefusal
from events.messaging.digests.rules import MOST_TASKS, EventNews, News
from events.nominations.requests.models import NominationRequest, Nominee
from events.nominations.requests.rules import NomineeState
from events.programme.events.mails import subject_of
from events.programme.events.models import Event
from events.programme.events.rules import CLOSED
from notifications.inbound.models import InboundMail
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import enqueue

# By which entries of the history travellers say something of their own journeys; packages above fill it.
JOURNEY_ACTS: set[str] = set()


async def gather(db: AsyncSession, project: Project, since: datetime, until: datetime, language: str) -> News:
    """What is new of a project in a span: eight queries, however many events."""
    found: dict[UUID, EventNews] = {}

    def of(event: Event) -> EventNews:
        title = subject_of(event, project, words(language))
        return found.setdefault(event.id, EventNews(event.id, title, event.first_day))

    today = day_in(project.zone, at=until)
    for event, status, count in await db.exec(_answered(project, since, until)):
        of(event).answers[status] = count
    for event, count in await db.exec(_failed(project, since, until)):
        of(event).failed = count
    for event, count in await db.exec(_nominated(project, since, until)):
        of(event).nominees = count
    for event, count in await db.exec(_reapplied(project, since, until)):
        of(event).reapplied = count
    for event, count in await db.exec(_travellers(project, since, until)):
        of(event).journeys = count
    for event, count in await db.exec(_unanswered(project, today)):
        of(event).unanswered, of(event).answer_by = count, event.answer_by
    for event, count in await db.exec(_near(project, today)):
        of(event).coming = count
    unread = await db.exec(_unread(project, since, until))
    events = sorted(found.values(), key=lambda news: (news.first_day, news.title))
    return News(since, until, events, unread.one())


def _answered(project: Project, since: datetime, until: datetime) -> Any:
    return (
        select(Event, Invitation.status, sa.func.count())
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(
            Event.project_id == project.id, col(Invitation.answered_at) >= since, col(Invitation.answered_at) < until
        )
        .group_by(col(Event.id), col(Invitation.status))
    )


def _nominated(project: Project, since: datetime, until: datetime) -> Any:
    """Names that institutions gave and nobody has decided about."""
    return (
        select(Event, sa.func.count())
        .join(NominationRequest, col(NominationRequest.event_id) == Event.id)
        .join(Nominee, col(Nominee.call_id) == NominationRequest.id)
        .where(
            Event.project_id == project.id,
            Nominee.state == NomineeState.named,
            col(NominationRequest.named_at) >= since,
            col(NominationRequest.named_at) < until,
        )
        .group_by(col(Event.id))
    )


def _reapplied(project: Project, since: datetime, until: datetime) -> Any:
    """Who asked on the public page though only the organiser can let them in."""
    return (
        select(Event, sa.func.count())
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(
            Event.project_id == project.id,
            col(Invitation.status).in_(BY_ORGANISER),
            col(Invitation.reapplied_at) >= since,
            col(Invitation.reapplied_at) < until,
        )
        .group_by(col(Event.id))
    )


def _travellers(project: Project, since: datetime, until: datetime) -> Any:
    """How many people entered or changed something of their journey themselves."""
    return (
        select(Event, sa.func.count(sa.distinct(col(AuditEntry.actor_id))))
        .join(AuditEntry, col(AuditEntry.object_id) == Event.id)
        .where(
            AuditEntry.project_id == project.id,
            col(AuditEntry.at) >= since,
            col(AuditEntry.at) < until,
            AuditEntry.actor == ActorKind.person,
            col(AuditEntry.act).in_(JOURNEY_ACTS),
        )
        .group_by(col(Event.id))
    )


def _failed(project: Project, since: datetime, until: datetime) -> Any:
    return (
        select(Event, sa.func.count())
        .join(Message, col(Message.about_id) == Event.id)
        .where(
            Event.project_id == project.id,
            Message.state == State.failed,
            col(Message.due_at) >= since,
            col(Message.due_at) < until,
        )
        .group_by(col(Event.id))
    )


def _unanswered(project: Project, today: date) -> Any:
    """Of events whose deadline is near, how many have not answered."""
    return (
        select(Event, sa.func.count())
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(
            Event.project_id == project.id,
            col(Event.state).not_in(CLOSED),
            col(Invitation.status).in_(UNANSWERED),
            ~is_unreleased(),
            col(Event.answer_by) >= today,
            col(Event.answer_by) <= today + rules.DEADLINE_NEAR,
        )
        .group_by(col(Event.id))
    )


def _near(project: Project, today: date) -> Any:
    """Of events that are near, how many have a place."""
    has_place = sa.and_(
        col(Registration.event_id) == Event.id, col(Registration.status) == RegistrationStatus.confirmed
    )
    return (
        select(Event, sa.func.count(col(Registration.id)))
        .outerjoin(Registration, has_place)
        .where(
            Event.project_id == project.id,
            col(Event.state).not_in(CLOSED),
            col(Event.first_day) > today,
            col(Event.first_day) <= today + rules.AHEAD,
        )
        .group_by(col(Event.id))
    )


def _unread(project: Project, since: datetime, until: datetime) -> Any:
    return (
        select(sa.func.count())
        .select_from(InboundMail)
        .where(
            InboundMail.project_id == project.id,
            col(InboundMail.is_open),
            col(InboundMail.received_at) >= since,
            col(InboundMail.received_at) < until,
        )
    )


async def news_now(db: AsyncSession, project_id: UUID, caller: Caller, *, at: datetime) -> tuple[Project, News]:
    """What is new in the last day. Raises NotFound for another's project."""
    project = await get_project(db, project_id, caller)
    return project, await gather(db, project, at - timedelta(days=1), at, caller.language)


async def wants(db: AsyncSession, project_id: UUID, caller: Caller) -> bool:
    return await db.get(DigestRefusal, (caller.account_id, project_id)) is None


async def wish(db: AsyncSession, project_id: UUID, caller: Caller, *, wanted: bool) -> None:
    """Whether the caller gets the digest of a project. Saying the same twice changes nothing."""
    await get_project(db, project_id, caller)
    refusal = await db.get(DigestRefusal, (caller.account_id, project_id))
    if wanted and refusal:
        await db.delete(refusal)
    elif not wanted and refusal is None:
        db.add(DigestRefusal(account_id=caller.account_id, project_id=project_id))
    await db.flush()


async def find_due(db: AsyncSession, *, at: datetime) -> list[UUID]:
    """Projects whose digest of the day is due and not written: one query."""
    found = await db.exec(
        select(Project.id, Project.zone, col(DigestDay.day)).outerjoin(
            DigestDay, col(DigestDay.project_id) == Project.id
        )
    )
    return [id for id, zone, written in found if (day := rules.due_for(zone, at=at)) and written != day]


async def write(db: AsyncSession, project_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Enqueue the day's digest to everybody who organises the project and wants it. May run twice: each gets one."""
    project = await db.get_one(Project, project_id)
    day = rules.due_for(project.zone, at=at)
    if day is None:
        return 0
    await db.merge(DigestDay(project_id=project_id, day=day))
    since, until = rules.span_of(day, project.zone)
    by_language: dict[str, News] = {}
    messages = []
    for account, roles in await _readers(db, project_id):
        news = by_language.get(account.language)
        if news is None:
            news = by_language[account.language] = await gather(db, project, since, until, account.language)
        if not news.is_empty:
            key = f"{DIGEST}:{account.id.hex}:{project_id.hex}:{day}"
            reader = Caller(
                account.id, account.name, account.language, {project_id: roles}, projects=frozenset({project_id})
            )
            waiting = await _told(db, project, await tasks_of(db, reader, at=at), account.language)
            messages.append(digest_message(account, project, news, waiting, settings, key, at=at))
    await enqueue(db, messages)
    return len(messages)


async def _told(db: AsyncSession, project: Project, tasks: Sequence[Task], language: str) -> list[tuple[str, str]]:
    """Tasks as a mail may tell them, with what each is about: titles as subjects of mails say them."""
    shown = tasks[:MOST_TASKS]
    found = await db.exec(select(Event).where(col(Event.id).in_({task.event_id for task in shown if task.event_id})))
    say = words(language)
    titles: dict[UUID | None, str] = {event.id: subject_of(event, project, say) for event in found}
    return [
        # What somebody wrote themselves may be as confidential as the event.
        (titles.get(task.event_id, project.acronym), say.translate(task.step) if task.is_written else task.said(say))
        for task in shown
    ]


async def _readers(db: AsyncSession, project_id: UUID) -> list[tuple[Account, frozenset[Role]]]:
    """Accounts that plan the project and want its digest, with all that they are there."""
    refused = select(DigestRefusal.account_id).where(DigestRefusal.project_id == project_id)
    found = await db.exec(
        select(Account, Membership.role)
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(Membership.project_id == project_id, col(Account.id).not_in(refused))
        .order_by(col(Account.id))
    )
    roles: dict[UUID, tuple[Account, frozenset[Role]]] = {}
    for account, role in found:
        _, held = roles.get(account.id, (account, frozenset()))
        roles[account.id] = (account, held | {Role(role)})
    return [one for one in roles.values() if holds(one[1], Right.plan)]
