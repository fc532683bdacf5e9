"""Counting and gathering over many events, in as few queries as there are questions."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_, NotFound, Unacceptable
from core.i18n import Words, words
from core.paging import at_most
from core.zones import day_in
from directory.accounts.access import Caller
from directory.components.models import Component
from directory.components.service import list_components
from directory.people.geography import provinces
from directory.people.models import Person, Sex
from directory.projects.models import Project
from events.attendance.records.models import Attendance
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.rules import COMING, EVENT_KINDS, EVENT_STATES, OVER, Confidentiality, EventState
from events.programme.events.schemas import EventFilter
from events.programme.events.service import filtered
from events.reporting.dashboards.models import SavedFilter

MOST_EXPORTED = 5000
MOST_SAVED = 20
MAX_QUERY = 500
_KEPT = ("q", "kind", "state", "project", "component", "series", "since", "until", "sort")


@dataclass(frozen=True)
class Reached:
    """A component with what was planned and what has been."""

    component: Component
    planned: int
    held: int
    participants: int
    women: int

    @property
    def share_of_women(self) -> int:
        """Whole percent, rounded down as in reports: 39.9 % has not reached 40 %."""
        return 100 * self.women // self.participants if self.participants else 0


@dataclass(frozen=True)
class Deadline:
    """A day to come: a message about a title, and where to go."""

    day: date
    message: str
    title: str
    where: str


def took_place() -> sa.ColumnElement[bool]:
    """Of an event: completed, or with somebody who attended."""
    return col(Event.state).in_(OVER) | sa.exists().where(col(Attendance.event_id) == Event.id)


async def reached(db: AsyncSession, project_id: UUID) -> list[Reached]:
    """Plan and actual of each component; what its activities reach counts for it too, each person once.

    Four queries.
    """
    components = await list_components(db, frozenset({project_id}))
    held = sa.func.count().filter(took_place())
    events = await db.exec(
        select(Event.component_id, sa.func.count(), held)
        .where(Event.project_id == project_id, Event.state != EventState.cancelled)
        .group_by(col(Event.component_id))
    )
    counts = {component: (planned, of_them) for component, planned, of_them in events}
    own = await _participants(db, project_id, col(Event.component_id))
    whole = await _participants(db, project_id, sa.func.coalesce(Component.parent_id, Component.id))
    found = []
    for component in components:
        mine = {component.id, *(c.id for c in components if c.parent_id == component.id)}
        participants, women = (own if component.parent_id else whole).get(component.id, (0, 0))
        found.append(
            Reached(
                component,
                planned=sum(counts.get(one, (0, 0))[0] for one in mine),
                held=sum(counts.get(one, (0, 0))[1] for one in mine),
                participants=participants,
                women=women,
            )
        )
    return found


def _woman() -> Any:
    return sa.case((col(Person.sex) == Sex.female, Registration.person_id), else_=None)


async def _participants(db: AsyncSession, project_id: UUID, by: Any) -> dict[UUID, tuple[int, int]]:
    """People with a signature, and the women among them, each counted once for every value of `by`."""
    query: Any = (
        sa.select(by, sa.func.count(sa.distinct(col(Registration.person_id))), sa.func.count(sa.distinct(_woman())))
        .select_from(Event)
        .join(Component, col(Component.id) == Event.component_id)
        .join(Registration, col(Registration.event_id) == Event.id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(
            col(Event.project_id) == project_id,
            sa.exists().where(col(Attendance.registration_id) == Registration.id),
        )
        .group_by(by)
    )
    return {UUID(str(key)): (people, women) for key, people, women in await db.exec(query)}


async def deadlines(db: AsyncSession, project: Project, today: date, language: str) -> list[Deadline]:
    """The next sixty days: days on which answers end, events begin, the project ends."""
    horizon = today + timedelta(days=60)
    found = await db.exec(
        select(Event)
        .where(
            Event.project_id == project.id,
            col(Event.state).in_(COMING),
            sa.or_(col(Event.answer_by).between(today, horizon), col(Event.first_day).between(today, horizon)),
        )
        .order_by(col(Event.first_day))
        .limit(50)
    )
    rows = []
    for event in found:
        title = event.title_in(language)
        if event.answer_by and today <= event.answer_by <= horizon:
            rows.append(Deadline(event.answer_by, N_("RSVP deadline: %(event)s"), title, f"/events/{event.id}/people"))
        if today <= event.first_day <= horizon:
            rows.append(Deadline(event.first_day, N_("Begins: %(event)s"), title, f"/events/{event.id}"))
    if project.ends_on and today <= project.ends_on <= horizon:
        rows.append(
            Deadline(project.ends_on, N_("The project ends: %(event)s"), project.acronym, f"/projects/{project.id}")
        )
    return sorted(rows, key=lambda d: (d.day, d.title))


async def by_province(db: AsyncSession, project_id: UUID) -> dict[str, tuple[int, int, int]]:
    """Events, participants and women by province, counted from signatures. One query."""
    found = await db.exec(
        select(
            Person.province,
            sa.func.count(sa.distinct(col(Event.id))),
            sa.func.count(sa.distinct(col(Registration.person_id))),
            sa.func.count(sa.distinct(_woman())),
        )
        .join(Registration, col(Registration.person_id) == Person.id)
        .join(Event, col(Event.id) == Registration.event_id)
        .where(Event.project_id == project_id, sa.exists().where(col(Attendance.registration_id) == Registration.id))
        .group_by(Person.province)
    )
    return {province: (events, people, women) for province, events, people, women in found}


async def province_rows(db: AsyncSession, project_id: UUID, say: Words) -> list[list[object]]:
    """The same as a table: a row a province, below headings."""
    found = await by_province(db, project_id)
    heads = [say.translate(name) for name in (N_("Province"), N_("Events"), N_("Participants"), N_("Women"))]
    names = provinces(say.language)
    return [list(heads), *([name, *found.get(code, (0, 0, 0))] for code, name in names.items())]


async def events_between(db: AsyncSession, caller: Caller, first: date, last: date) -> list[Event]:
    """Events that touch these days, by date; a year's plan has a few hundred at most."""
    found = await db.exec(filtered(caller, EventFilter(since=first, until=last)).limit(at_most(2000)))
    return list(found.all())


async def public_month(
    db: AsyncSession, project_id: UUID, year: int | None, month: int | None, *, at: datetime
) -> tuple[Project, list[Event], date, date]:
    """A project's public events around a month, with its first day and that of the next. Raises NotFound.

    A project without any public event answers like one that is not there.
    """
    is_public = sa.and_(
        col(Event.project_id) == project_id,
        col(Event.confidentiality) == Confidentiality.public,
        col(Event.state) != EventState.draft,
    )
    project = (await db.exec(select(Project).where(Project.id == project_id, sa.exists().where(is_public)))).first()
    if project is None:
        raise NotFound()
    today = day_in(project.zone, at=at)
    first = date(year or today.year, month or today.month, 1)
    after = (first + timedelta(days=32)).replace(day=1)
    found = await db.exec(
        select(Event)
        .where(
            is_public,
            col(Event.last_day) >= first - timedelta(days=7),
            col(Event.first_day) <= after + timedelta(days=7),
        )
        .order_by(col(Event.first_day), col(Event.id))
        .limit(500)
    )
    return project, list(found.all()), first, after


def month_grid(year: int, month: int, events: Sequence[Event]) -> list[list[tuple[date, list[Event]]]]:
    """Weeks from Monday to Sunday, each day with the events that take place on it."""
    return [
        [(day, [e for e in events if e.first_day <= day <= e.last_day]) for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]


async def export_rows(db: AsyncSession, caller: Caller, wanted: EventFilter, language: str) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings."""
    say = words(language)
    found = (await db.exec(filtered(caller, wanted).limit(at_most(MOST_EXPORTED)))).all()
    components = {c.id: f"{c.code} {c.title_in(language)}" for c in await list_components(db, caller.projects)}
    titles: list[object] = [
        say.translate("Reference"),
        say.translate("Title"),
        say.translate("Kind"),
        say.translate("State"),
        say.translate("Start date"),
        say.translate("End date"),
        say.translate("Where"),
        say.translate("Component"),
        say.translate("Capacity"),
        say.translate("Places taken"),
    ]
    return [
        titles,
        *(
            [
                e.code,
                e.title_in(language),
                say.translate(EVENT_KINDS[e.kind]),
                say.translate(EVENT_STATES[e.state]),
                e.first_day,
                e.last_day,
                e.venue,
                components.get(e.component_id, "") if e.component_id else "",
                _limit(e),
                e.taken,
            ]
            for e in found
        ),
    ]


async def saved_filters(db: AsyncSession, caller: Caller) -> list[SavedFilter]:
    found = await db.exec(
        select(SavedFilter).where(SavedFilter.account_id == caller.account_id).order_by(SavedFilter.name)
    )
    return list(found.all())


async def save_filter(db: AsyncSession, caller: Caller, name: str, query: str) -> SavedFilter:
    """Keep the query of a list's address under a name; the same name again is replaced. Raises Unacceptable."""
    kept = urlencode([(k, v) for k, v in parse_qsl(query) if k in _KEPT])
    if len(kept) > MAX_QUERY:
        raise Unacceptable("name", N_("This filter is too long to be kept."))
    mine = await saved_filters(db, caller)
    same = next((f for f in mine if f.name == name), None)
    if same is None and len(mine) >= MOST_SAVED:
        raise Unacceptable("name", N_("There are twenty filters already; please remove one first."))
    saved = same or SavedFilter(account_id=caller.account_id, name=name, query=kept)
    saved.query = kept
    db.add(saved)
    await db.flush()
    return saved


async def remove_filter(db: AsyncSession, caller: Caller, filter_id: UUID) -> None:
    saved = await db.get(SavedFilter, filter_id)
    if saved is None or saved.account_id != caller.account_id:
        raise NotFound()
    await db.delete(saved)
    await db.flush()


def _limit(event: Event) -> object:
    """Its places as a cell; an empty one where there is no limit."""
    return "" if event.limit is None else event.limit
