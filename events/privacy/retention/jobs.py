"""Once a day for each project: announce what will be forgotten, and forget what is due, a few rows at a time.

A sweep that dies goes on with the next one: the day is noted when all of it is done, and what is empty is not found
again.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit, erasing
from core.audit import PROGRAM
from core.settings import Settings
from core.zones import utc_day
from directory.accounts.models import Account, Membership
from directory.accounts.rules import Role
from directory.projects.models import Project
from events.privacy.erasure.service import COMPACT
from events.privacy.purge import service as purge
from events.privacy.purge.models import Purge
from events.privacy.retention import rules
from events.privacy.retention.mails import purge_message
from events.privacy.retention.models import RetentionDay
from events.privacy.retention.service import event_due, evidence_due, holds_of
from events.programme.events.models import Event
from notifications.jobs.context import WorkerContext
from notifications.jobs.service import enqueue_job
from notifications.outbox.service import enqueue

NOBODY = UUID(int=0)


async def sweep(context: WorkerContext) -> None:
    """Look through every project that has not been looked through today, and through what belongs to none."""
    at = context.clock()
    today = utc_day(at)
    async with context.database.reading() as db:
        done = {row.project_id for row in await db.exec(select(RetentionDay).where(RetentionDay.day == today))}
        waiting = [id for id in (await db.exec(select(Project.id))).all() if id not in done]
    for project_id in waiting:
        await _look_through(context, project_id, today)
    if NOBODY not in done:
        before = at - timedelta(days=rules.MAIL_OF_NOBODY)
        await _repeat(context, lambda db: purge.old_mails(db, None, before))
        async with context.database.unit_of_work() as db:
            await erasing.drop_orphans(db, context.settings.files, at=at)
            await db.merge(RetentionDay(project_id=NOBODY, day=today))
        _drop_old_copy(context.settings, at=at)


async def _look_through(context: WorkerContext, project_id: UUID, today: date) -> None:
    at = context.clock()
    async with context.database.unit_of_work() as db:
        project = await db.get_one(Project, project_id)
        await _announce(db, project, context.settings, today, at=at)
    async with context.database.reading() as db:
        due = await _due(db, project, today)
        holds = await holds_of(db, project_id)
    forgot = 0
    if project_id not in holds:
        for event_id in due:
            if event_id == project_id:
                forgot += await _purge_evidence(context, project)
            elif event_id not in holds:
                forgot += await _purge_event(context, project, event_id)
        forgot += await _repeat(context, lambda db: purge.people(db, project_id))
        before = _months_before(project.forget_months, at=at)
        forgot += await _repeat(context, lambda db: purge.old_mails(db, project_id, before))
    async with context.database.unit_of_work() as db:
        await db.merge(RetentionDay(project_id=project_id, day=today))
        if forgot:
            await enqueue_job(db, COMPACT, project_id=project_id, about_id=project_id, at=at)


async def _announce(db: AsyncSession, project: Project, settings: Settings, today: date, *, at: datetime) -> None:
    """Note for which day each event is announced, and enqueue one mail about all of them to each organiser."""
    lines: list[tuple[str, date]] = []
    for about_id, title, due, mark in await _marks(db, project, today):
        wanted = rules.to_announce(due, mark.announced_for if mark else None, today)
        if wanted is None:
            continue
        mark = mark or Purge(about_id=about_id, project_id=project.id)
        mark.announced_for = wanted
        db.add(mark)
        lines.append((title, wanted))
    if lines:
        await enqueue(
            db,
            [purge_message(a, project, lines, settings, today, at=at) for a in await _organisers(db, project.id)],
        )


async def _due(db: AsyncSession, project: Project, today: date) -> list[UUID]:
    return [
        about_id
        for about_id, _, due, mark in await _marks(db, project, today)
        if mark and rules.may_forget(due, mark.announced_for, today)
    ]


async def _marks(db: AsyncSession, project: Project, today: date) -> list[tuple[UUID, str, date, Purge | None]]:
    """What is near its day and not forgotten yet: events, and last the project's own evidence."""
    near = rules.months_after(today, rules.NOTICE - project.forget_months)
    # A month's last days fold together: what is near is looked at more closely afterwards.
    found = await db.exec(
        select(Event, Purge)
        .join(Purge, col(Purge.about_id) == Event.id, isouter=True)
        .where(
            Event.project_id == project.id,
            col(Event.last_day) <= near + timedelta(days=3),
            col(Purge.forgotten_at).is_(None),
        )
        .order_by(col(Event.last_day))
    )
    marks: list[tuple[UUID, str, date, Purge | None]] = [
        (event.id, event.title, event_due(project, event), mark) for event, mark in found
    ]
    evidence, own = evidence_due(project), await db.get(Purge, project.id)
    if evidence and not (own and own.forgotten_at):
        marks.append((project.id, "", evidence, own))
    return marks


async def _organisers(db: AsyncSession, project_id: UUID) -> list[Account]:
    found = await db.exec(
        select(Account)
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(Membership.project_id == project_id, col(Membership.role).in_([Role.organiser, Role.administrator]))
        .distinct()
        .order_by(col(Account.id))
    )
    return list(found.all())


async def _purge_event(context: WorkerContext, project: Project, event_id: UUID) -> int:
    count = await _repeat(context, lambda db: purge.event(db, event_id))
    await _note(context, project.id, event_id, "event.forgotten")
    return count


async def _purge_evidence(context: WorkerContext, project: Project) -> int:
    count = await _repeat(context, lambda db: purge.evidence(db, project.id, at=context.clock()))
    await _note(context, project.id, project.id, "project.forgotten")
    return count


async def _note(context: WorkerContext, project_id: UUID, about_id: UUID, act: str) -> None:
    """Once, whoever else swept at the same time."""
    async with context.database.unit_of_work() as db:
        at = context.clock()
        noted = await db.exec(
            sa.update(Purge)
            .where(col(Purge.about_id) == about_id, col(Purge.forgotten_at).is_(None))
            .values(forgotten_at=at)
        )
        if noted.rowcount:
            audit.record(db, act, about_id, at=at, project_id=project_id, by=PROGRAM)


async def _repeat(context: WorkerContext, step: purge.Step) -> int:
    """Take a step in a unit of work each, until nothing is left. Files go after the commit that ends their rows."""
    total = 0
    while True:
        async with context.database.unit_of_work() as db:
            done = await step(db)
        if done.files:
            async with context.database.unit_of_work() as db:
                await erasing.drop_files(db, context.settings.files, done.files)
        if not done.count:
            return total
        total += done.count


def _months_before(months: int, *, at: datetime) -> datetime:
    day = rules.months_after(utc_day(at), -months)
    return at.replace(year=day.year, month=day.month, day=day.day)


def _drop_old_copy(settings: Settings, *, at: datetime) -> None:
    """The copy made before a migration holds what has been forgotten since."""
    copy = settings.before_migration
    if copy.is_file() and copy.stat().st_mtime < (at - timedelta(days=rules.MAIL_OF_NOBODY)).timestamp():
        copy.unlink(missing_ok=True)
