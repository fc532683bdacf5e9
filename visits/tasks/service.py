"""Keeping the tasks of a visit, and reminding of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import N_, Unacceptable
from core.i18n import Words, document_words, words
from core.settings import Settings
from core.zones import day_in, utc_day
from directory.accounts.access import Caller
from directory.accounts.models import Account, Membership
from directory.accounts.rules import HOLDERS, Right
from directory.projects.models import Project
from directory.projects.service import list_members
from directory.tasks.rules import Task
from events.invitations.offers.rules import HOME
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.rules import CLOSED
from events.programme.events.service import lock_event_for
from events.programme.lifecycle.rules import Shift
from notifications.outbox.service import enqueue
from visits.tasks.mails import tasks_message
from visits.tasks.models import VisitTask
from visits.tasks.rules import MOST, TaskState, VisitPhase, is_to_remind, usual_tasks
from visits.tasks.schemas import TaskIn

TASKS = N_("Open tasks that move along")
_PHASES = list(VisitPhase)
# How many of one caller Home shows.
_SHOWN = 20


async def list_tasks(db: AsyncSession, event_id: UUID) -> list[VisitTask]:
    """By phase and day."""
    found = await db.exec(select(VisitTask).where(VisitTask.event_id == event_id))
    return sorted(found, key=lambda one: (_PHASES.index(one.phase), one.due_on, one.id))


def task_sorts(owners: Mapping[str, str], say: Words) -> Mapping[str, Callable[[VisitTask], Any]]:
    """What a list of tasks may be ordered by; whose they are by the names of their owners."""
    names = {id: sort_key(name) for id, name in owners.items()}
    return {
        "task": lambda one: sort_key(one.title_in(say)),
        "until": lambda one: one.due_on,
        "who": lambda one: names.get(str(one.owner_id)),
        "state": lambda one: list(TaskState).index(one.state),
    }


async def get_task(db: AsyncSession, task_id: UUID, caller: Caller) -> tuple[VisitTask, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, VisitTask, task_id, caller)


async def owners_of(db: AsyncSession, project_id: UUID) -> dict[str, str]:
    """Whom tasks of a project can belong to: members who may plan, by account, as the project calls them."""
    planners = HOLDERS[Right.plan]
    members = await list_members(db, project_id)
    return {str(account.id): member.name or account.address for member, account in members if member.role in planners}


async def add_task(db: AsyncSession, event_id: UUID, given: TaskIn, caller: Caller, *, at: datetime) -> VisitTask:
    """Raises NotFound, Unacceptable beside the field."""
    event = await lock_event_for(db, event_id, caller)
    await _must_have_room(db, event_id)
    await _must_be_planner(db, event, given.owner_id)
    task = VisitTask(event_id=event_id, created_at=at, **given.model_dump())
    db.add(task)
    _note(db, event, "task.added", caller, at=at)
    await db.flush()
    return task


async def add_usual(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> int:
    """The usual tasks that are not there yet; returns how many. Twice adds nothing twice."""
    event = await lock_event_for(db, event_id, caller)
    there = {one.key for one in await list_tasks(db, event_id)}
    say = document_words(caller.language)
    missing = [one for one in usual_tasks(is_abroad=event.country != HOME) if one.key not in there]
    db.add_all(
        VisitTask(
            event_id=event_id,
            key=one.key,
            phase=one.phase,
            title=say.translate(one.title),
            due_on=one.due(event.first_day, event.last_day),
            created_at=at,
        )
        for one in missing
    )
    if missing:
        _note(db, event, "task.usual", caller, at=at, count=len(missing))
    await db.flush()
    return len(missing)


async def change_task(db: AsyncSession, task_id: UUID, given: TaskIn, caller: Caller, *, at: datetime) -> VisitTask:
    """Raises NotFound, Unacceptable beside the field."""
    task, event = await get_task(db, task_id, caller)
    await _must_be_planner(db, event, given.owner_id)
    changed = given.model_dump()
    if given.title == task.title_in(words(caller.language)):
        # As it was read: others go on reading it in their language.
        del changed["title"]
    else:
        task.wording = {}
    task.sqlmodel_update(changed)
    _note(db, event, "task.changed", caller, at=at)
    await db.flush()
    return task


async def set_state(db: AsyncSession, task_id: UUID, state: TaskState, caller: Caller, *, at: datetime) -> VisitTask:
    """Done, not needed, or open again. Saying the same twice changes nothing."""
    task, event = await get_task(db, task_id, caller)
    if task.state is not state:
        task.state = state
        task.settled_at = None if state is TaskState.open else at
        _note(db, event, f"task.{state}", caller, at=at)
        await db.flush()
    return task


async def remove_task(db: AsyncSession, task_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns the event."""
    task, event = await get_task(db, task_id, caller)
    await db.delete(task)
    _note(db, event, "task.removed", caller, at=at)
    await db.flush()
    return event.id


async def visit_tasks(db: AsyncSession, caller: Caller, today: date) -> list[Task]:
    """Open tasks of visits that are the caller's or nobody's and due within two weeks, each by itself."""
    say = words(caller.language)
    found = await db.exec(
        select(VisitTask, Event)
        .join(Event, col(Event.id) == VisitTask.event_id)
        .where(
            col(Event.project_id).in_(caller.reaching(Right.plan).projects),
            col(Event.state).not_in(CLOSED),
            VisitTask.state == TaskState.open,
            sa.or_(col(VisitTask.owner_id).is_(None), col(VisitTask.owner_id) == caller.account_id),
            col(VisitTask.due_on) <= date.fromordinal(today.toordinal() + 14),
        )
        .order_by(col(VisitTask.due_on), col(VisitTask.id))
        .limit(_SHOWN)
    )
    return [
        Task(
            "visit-task",
            (task.title_in(say),) * 2,
            1,
            N_("Open the tasks"),
            f"/events/{event.id}/tasks",
            event.project_id,
            event.id,
            event.title_in(caller.language),
            task.due_on,
            is_written=True,
        )
        for task, event in found
    ]


async def projects_to_remind(db: AsyncSession, *, at: datetime) -> list[UUID]:
    """Projects in which somebody may have to be reminded; one query."""
    latest = date.fromordinal(utc_day(at).toordinal() + 61)
    found = await db.exec(
        _open_tasks(Event.project_id)
        .where(col(VisitTask.due_on) <= latest, col(VisitTask.reminded_for).is_distinct_from(VisitTask.due_on))
        .distinct()
    )
    return list(found.all())


async def remind(db: AsyncSession, project_id: UUID, settings: Settings, *, at: datetime) -> int:
    """One mail to each owner of tasks that are due soon, if they may still plan; returns how many. May run twice."""
    project = await db.get_one(Project, project_id)
    today = day_in(project.zone, at=at)
    found = await db.exec(
        _open_tasks(VisitTask, Event, Account)
        .join(Account, col(Account.id) == VisitTask.owner_id)
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(
            Event.project_id == project_id,
            Membership.project_id == project_id,
            col(Membership.role).in_(HOLDERS[Right.plan]),
            col(VisitTask.reminded_for).is_distinct_from(VisitTask.due_on),
        )
        .order_by(col(VisitTask.due_on), col(VisitTask.id))
        .distinct()
    )
    by_owner: dict[UUID, tuple[Account, list[tuple[VisitTask, Event]]]] = {}
    for task, event, account in found:
        if is_to_remind(task.due_on, task.remind_before, today=today):
            task.reminded_for = task.due_on
            by_owner.setdefault(account.id, (account, []))[1].append((task, event))
    messages = [
        tasks_message(account, project, tasks, settings, today=today, at=at) for account, tasks in by_owner.values()
    ]
    await enqueue(db, messages)
    return len(messages)


async def count_tasks(db: AsyncSession, event_id: UUID) -> list[tuple[str, int]]:
    """How many open tasks a postponement moves along, in words."""
    found = await db.exec(
        select(sa.func.count())
        .select_from(VisitTask)
        .where(VisitTask.event_id == event_id, VisitTask.state == TaskState.open)
    )
    return [(TASKS, found.one())]


async def move_tasks(db: AsyncSession, event_id: UUID, shift: Shift) -> None:
    """Open tasks keep their distance from the visit."""
    for task in await list_tasks(db, event_id):
        if task.state is TaskState.open:
            task.due_on = shift.day(task.due_on) or task.due_on


async def copy_tasks(db: AsyncSession, original_id: UUID, copy_id: UUID) -> None:
    """A copy of the visit has the same tasks, open, at the same distance."""
    original, copy = await db.get_one(Event, original_id), await db.get_one(Event, copy_id)
    shift = Shift.between(original.first_day, copy.first_day, original.zone)
    own = {"id", "event_id", "due_on", "state", "settled_at", "reminded_for"}
    db.add_all(
        VisitTask(event_id=copy_id, due_on=shift.day(one.due_on) or one.due_on, **one.model_dump(exclude=own))
        for one in await list_tasks(db, original_id)
    )
    await db.flush()


def _open_tasks(*what: Any) -> Any:
    return (
        select(*what)
        .select_from(VisitTask)
        .join(Event, col(Event.id) == VisitTask.event_id)
        .where(
            VisitTask.state == TaskState.open,
            col(VisitTask.owner_id).is_not(None),
            col(Event.state).not_in(CLOSED),
        )
    )


async def _must_have_room(db: AsyncSession, event_id: UUID) -> None:
    found: Sequence[VisitTask] = await list_tasks(db, event_id)
    if len(found) >= MOST:
        raise Unacceptable("title", N_("There are two hundred already; please remove some first."))


async def _must_be_planner(db: AsyncSession, event: Event, owner_id: UUID | None) -> None:
    if owner_id is not None and str(owner_id) not in await owners_of(db, event.project_id):
        raise Unacceptable("owner_id", N_("Please choose somebody who plans in this project."))


def _note(db: AsyncSession, event: Event, act: str, caller: Caller, *, at: datetime, **facts: Any) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, **facts)
