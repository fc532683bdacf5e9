"""What is forgotten when, putting it on hold, and releasing it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from directory.accounts.access import Caller
from directory.projects.models import Project
from directory.projects.service import get_project
from events.invitations.invitations.models import Invitation
from events.privacy.purge.models import Purge
from events.privacy.retention import rules
from events.privacy.retention.models import Hold
from events.privacy.retention.rules import Status
from events.programme.events.models import Event

MOST = 500


@dataclass(frozen=True)
class Kept:
    """One event, or with the project's id its evidence, and when it is forgotten: never where the project has no
    end."""

    about_id: UUID
    title: str
    ended_on: date | None
    due_on: date | None
    status: Status
    reason: str = ""


async def list_kept(db: AsyncSession, project_id: UUID, caller: Caller) -> list[Kept]:
    """Events of the project by the day on which they are forgotten, its evidence first."""
    project = await get_project(db, project_id, caller)
    events = await db.exec(
        select(Event).where(Event.project_id == project_id).order_by(col(Event.last_day)).limit(MOST)
    )
    marks = {m.about_id: m for m in await db.exec(select(Purge).where(Purge.project_id == project_id))}
    holds = await holds_of(db, project_id)
    evidence = evidence_due(project)
    rows = [_kept(project.id, "", project.ends_on, evidence, marks, holds)]
    for event in events:
        due = event_due(project, event)
        rows.append(_kept(event.id, event.title_in(caller.language), event.last_day, due, marks, holds, project.id))
    return rows


def _kept(
    about_id: UUID,
    title: str,
    ended: date | None,
    due: date | None,
    marks: dict[UUID, Purge],
    holds: dict[UUID, Hold],
    project_id: UUID | None = None,
) -> Kept:
    mark = marks.get(about_id)
    held = holds.get(about_id) or (holds.get(project_id) if project_id else None)
    announced_for = mark.announced_for if mark else None
    is_done = mark is not None and mark.forgotten_at is not None
    status = (
        rules.status_of(due, announced_for, is_done=is_done, is_held=held is not None)
        if due
        else (Status.held if held else Status.kept)
    )
    shown = max(due, announced_for) if due and announced_for else due
    return Kept(about_id, title, ended, shown, status, held.reason if held else "")


def event_due(project: Project, event: Event) -> date:
    """When what people told for an event is forgotten."""
    return rules.months_after(event.last_day, project.forget_months)


def evidence_due(project: Project) -> date | None:
    """When the project's evidence is no longer kept; never while it has no end."""
    return rules.months_after(project.ends_on, 12 * project.keep_years) if project.ends_on else None


async def holds_of(db: AsyncSession, project_id: UUID) -> dict[UUID, Hold]:
    """What of a project is on hold, by what it is about."""
    found = await db.exec(select(Hold).where(Hold.project_id == project_id, col(Hold.released_at).is_(None)))
    return {one.about_id: one for one in found}


async def must_not_be_held(db: AsyncSession, people: Collection[UUID], project_id: UUID) -> None:
    """Raises OnHold where an event of theirs, or all of their project, is on hold."""
    theirs = select(Invitation.event_id).where(col(Invitation.person_id).in_(people))
    found = await db.exec(
        select(Hold.id).where(
            col(Hold.released_at).is_(None),
            sa.or_(col(Hold.about_id).in_(theirs), col(Hold.about_id) == project_id),
        )
    )
    if found.first() is not None:
        raise rules.OnHold()


async def hold(db: AsyncSession, about_id: UUID, reason: str, caller: Caller, *, at: datetime) -> Hold:
    """Let nothing of an event, or of a whole project, be forgotten. Raises NotFound, HeldAlready."""
    project_id = await _project_of(db, about_id, caller)
    if about_id in await holds_of(db, project_id):
        raise rules.HeldAlready()
    held = Hold(about_id=about_id, project_id=project_id, reason=reason, held_by=caller.account_id, held_at=at)
    db.add(held)
    audit.record(db, "retention.held", about_id, at=at, project_id=project_id, **caller.signature, reason=reason)
    await db.flush()
    return held


async def release(db: AsyncSession, about_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Let it be forgotten when it is due. Raises NotFound, NothingHeld. Returns the project."""
    project_id = await _project_of(db, about_id, caller)
    released = await db.exec(
        update(Hold).where(col(Hold.about_id) == about_id, col(Hold.released_at).is_(None)).values(released_at=at)
    )
    if not released.rowcount:
        raise rules.NothingHeld()
    audit.record(db, "retention.released", about_id, at=at, project_id=project_id, **caller.signature)
    await db.flush()
    return project_id


async def _project_of(db: AsyncSession, about_id: UUID, caller: Caller) -> UUID:
    event = await db.get(Event, about_id)
    project_id = event.project_id if event else about_id
    if await db.get(Project, project_id) is None:
        raise NotFound()
    return (await get_project(db, project_id, caller)).id
