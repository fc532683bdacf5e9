"""Asking every package what waits for an account."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.zones import day_in
from directory.accounts.access import Caller
from directory.projects.models import Project
from directory.tasks.rules import MOST_SHOWN, Task, in_order

# Of a package: what the caller can do now in the projects in which they hold the right to it, given the day where each
# project is. The wiring of each package brings its own.
TaskSource = Callable[[AsyncSession, Caller, date], Awaitable[Sequence[Task]]]
SOURCES: list[TaskSource] = []
# Those whose tasks are of no event: nobody asks them for the tasks of one.
PROJECT_SOURCES: list[TaskSource] = []


async def tasks_of(db: AsyncSession, caller: Caller, *, at: datetime, event_id: UUID | None = None) -> list[Task]:
    """What the caller can do now, of all or of one event, what is due first before; nothing that somebody else has to
    do.

    Days are those of the first project's zone: the projects of one agency lie in one.
    """
    zones = await db.exec(select(Project.zone).where(col(Project.id).in_(list(caller.roles))).order_by(col(Project.id)))
    today = day_in(zones.first() or "UTC", at=at)
    found: list[Task] = []
    for source in SOURCES if event_id else (*SOURCES, *PROJECT_SOURCES):
        found += await source(db, caller, today)
    if event_id:
        found = [one for one in found if one.event_id == event_id]
    return in_order(found)[:MOST_SHOWN]


async def tasks_of_project(db: AsyncSession, caller: Caller, project_id: UUID, *, at: datetime) -> list[Task]:
    """The same within one project."""
    return await tasks_of(db, caller.within(project_id), at=at)
