"""Looking for what a project has said in one language only: one query for each kind, however much there is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.components.models import Component
from directory.people.models import Institution, Person
from directory.projects.models import Project
from directory.tasks.rules import Task
from events.invitations.invitations.models import Invitation
from events.materials.models import Material
from events.programme.events.models import Event, Session
from events.programme.events.rules import COMING
from events.reporting.languages.rules import SENTENCE, STEP, HalfSaid, TextKind, missing_languages

# Of each kind; what is left comes up when these are done.
MOST_LISTED = 100
# So many are counted over all projects: more is no other task.
MOST_COUNTED = 1000


async def half_said(db: AsyncSession, project: Project, caller: Caller) -> list[HalfSaid]:
    """What of a project and its coming events is in one of its languages only. Whose position it is, is for those who
    may read who is invited."""
    wanted = project.languages
    found = [*_of_project(project), *await _components(db, project.id), *await _events(db, project.id, wanted)]
    found += [*await _sessions(db, project.id, wanted), *await _materials(db, project.id, wanted)]
    found += await _institutions(db, project.id)
    if caller.may(Right.read, project.id):
        found += await _positions(db, project.id)
    return [one for one in found if set(one.missing) & set(wanted)]


def _of_project(project: Project) -> Iterable[HalfSaid]:
    for text, turkish in ((project.title, project.title_tr), (project.donor, project.donor_tr)):
        if text and not turkish:
            yield HalfSaid(TextKind.project, text, ("tr",), f"/projects/{project.id}")


async def _components(db: AsyncSession, project_id: UUID) -> list[HalfSaid]:
    found = await db.exec(
        select(Component)
        .where(Component.project_id == project_id, Component.title_tr == "")
        .order_by(col(Component.code))
        .limit(MOST_LISTED)
    )
    here = f"/projects/{project_id}/components"
    return [HalfSaid(TextKind.component, f"{one.code} {one.title}", ("tr",), here) for one in found]


def _lacks(table: Any) -> Any:
    return sa.or_(col(table.title_en) == "", col(table.title_tr) == "")


def _comes(project_id: UUID) -> tuple[Any, ...]:
    return Event.project_id == project_id, col(Event.state).in_(COMING)


async def _events(db: AsyncSession, project_id: UUID, wanted: Sequence[str]) -> list[HalfSaid]:
    rows = select(Event).where(*_comes(project_id), _lacks(Event)).order_by(col(Event.first_day), col(Event.id))
    return _halves(TextKind.event, await db.exec(rows.limit(MOST_LISTED)), wanted, lambda one: f"/events/{one.id}/edit")


async def _sessions(db: AsyncSession, project_id: UUID, wanted: Sequence[str]) -> list[HalfSaid]:
    rows = (
        select(Session)
        .join(Event, col(Event.id) == Session.event_id)
        .where(*_comes(project_id), _lacks(Session), col(Session.removed_at).is_(None))
        .order_by(col(Session.starts_at), col(Session.id))
    )
    found = await db.exec(rows.limit(MOST_LISTED))
    return _halves(TextKind.session, found, wanted, lambda one: f"/events/{one.event_id}/sessions/{one.id}")


async def _materials(db: AsyncSession, project_id: UUID, wanted: Sequence[str]) -> list[HalfSaid]:
    rows = (
        select(Material)
        .join(Event, col(Event.id) == Material.event_id)
        .where(*_comes(project_id), _lacks(Material))
        .order_by(col(Material.id))
    )
    found = await db.exec(rows.limit(MOST_LISTED))
    return _halves(TextKind.material, found, wanted, lambda one: f"/events/{one.event_id}/materials")


def _halves(what: TextKind, rows: Iterable[Any], wanted: Sequence[str], where: Any) -> list[HalfSaid]:
    found = []
    for row in rows:
        missing = missing_languages(row.title, {"en": row.title_en, "tr": row.title_tr}, wanted)
        if missing:
            found.append(HalfSaid(what, row.title, missing, where(row)))
    return found


async def _institutions(db: AsyncSession, project_id: UUID) -> list[HalfSaid]:
    found = await db.exec(
        select(Institution)
        .where(Institution.project_id == project_id, Institution.name_en == "", Institution.country == "TR")
        .order_by(col(Institution.sort_key))
        .limit(MOST_LISTED)
    )
    return [HalfSaid(TextKind.institution, one.name, ("en",), f"/institutions/{one.id}") for one in found]


async def _positions(db: AsyncSession, project_id: UUID) -> list[HalfSaid]:
    is_named = (
        sa.exists()
        .where(col(Invitation.person_id) == Person.id, col(Invitation.event_id) == Event.id, *_comes(project_id))
        .correlate(Person)
    )
    found = await db.exec(
        select(Person)
        .where(Person.project_id == project_id, Person.title != "", Person.title_en == "", is_named)
        .order_by(col(Person.sort_key), col(Person.id))
        .limit(MOST_LISTED)
    )
    return [
        HalfSaid(TextKind.position, f"{one.title} ({one.name})", ("en",), f"/people/{one.id}/edit") for one in found
    ]


async def language_tasks(db: AsyncSession, caller: Caller, today: date) -> list[Task]:
    """Of each project that the caller plans, that has several languages and an event that comes, so that somebody reads
    them: how many texts are in one only. Two queries."""
    plans = caller.reaching(Right.plan).projects
    comes = sa.exists().where(col(Event.project_id) == col(Project.id), col(Event.state).in_(COMING))
    of_use = select(Project).where(col(Project.id).in_(plans), comes).order_by(col(Project.id))
    found = await db.exec(of_use) if plans else ()
    projects = {one.id: one for one in found if len(one.languages) > 1}
    if not projects:
        return []
    reads = caller.reaching(Right.read).projects & projects.keys()
    counts: Counter[UUID] = Counter()
    rows: Any = sa.union_all(*_all_lacking(list(projects), list(reads))).limit(MOST_COUNTED)
    for row in (await db.exec(rows)).all():
        wanted = projects[row.project_id].languages
        missing = (row.missing,) if row.missing else missing_languages(row.base, {"en": row.en, "tr": row.tr}, wanted)
        counts[row.project_id] += bool(set(missing) & set(wanted))
    for project in projects.values():
        counts[project.id] += sum(bool(set(one.missing) & set(project.languages)) for one in _of_project(project))
    return [
        Task("one-language", SENTENCE, counts[id], STEP, f"/projects/{id}/languages", id)
        for id in projects
        if counts[id]
    ]


def _all_lacking(projects: Sequence[UUID], reads: Sequence[UUID]) -> list[Any]:
    """What may lack a language, of these projects: as `half_said` looks for it."""

    def lacking(table: Any, project_id: Any, missing: str = "", *columns: Any) -> Any:
        base, en, tr = columns or (sa.literal(""), sa.literal(""), sa.literal(""))
        return sa.select(
            sa.type_coerce(project_id, sa.Uuid()).label("project_id"),
            sa.literal(missing).label("missing"),
            base.label("base"),
            en.label("en"),
            tr.label("tr"),
        ).select_from(table)

    def titled(table: Any) -> Any:
        return lacking(table, Event.project_id, "", col(table.title), col(table.title_en), col(table.title_tr))

    comes = (col(Event.project_id).in_(projects), col(Event.state).in_(COMING))
    # From the few events that come to whom they name: the other way round, everybody would be looked at.
    named = (
        sa.select(col(Invitation.person_id))
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(col(Event.project_id).in_(reads), col(Event.state).in_(COMING))
        .distinct()
        .cte("named")
        .prefix_with("MATERIALIZED")
    )
    return [
        titled(Event).where(*comes, _lacks(Event)),
        titled(Session)
        .join(Event, col(Event.id) == Session.event_id)
        .where(*comes, _lacks(Session), col(Session.removed_at).is_(None)),
        titled(Material).join(Event, col(Event.id) == Material.event_id).where(*comes, _lacks(Material)),
        lacking(Component, col(Component.project_id), "tr").where(
            col(Component.project_id).in_(projects), col(Component.title_tr) == ""
        ),
        lacking(Institution, col(Institution.project_id), "en").where(
            col(Institution.project_id).in_(projects), col(Institution.name_en) == "", col(Institution.country) == "TR"
        ),
        lacking(Person, col(Person.project_id), "en")
        .join(named, named.c.person_id == Person.id)
        .where(col(Person.title) != "", col(Person.title_en) == ""),
    ]
