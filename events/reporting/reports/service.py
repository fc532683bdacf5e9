"""Reading who took part, and remembering what was given out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import AuditEntry
from core.i18n import words
from directory.accounts.access import Caller
from directory.components.models import Component
from directory.components.service import list_components
from directory.people.geography import provinces
from directory.people.models import Institution, Person, Sex, name_of_institution
from directory.projects.models import Project
from directory.projects.service import get_project
from events.attendance.evaluations.rules import EvaluationSummary
from events.attendance.evaluations.views import summaries_of
from events.attendance.records.models import Attendance
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import CATEGORIES, InvitationStatus
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from events.programme.events.rules import EVENT_KINDS, EventState
from events.programme.events.schemas import EventFilter
from events.programme.events.service import filtered
from events.reporting.dashboards.service import took_place
from events.reporting.outcomes.models import EventOutcome
from events.reporting.outcomes.service import list_outcomes
from events.reporting.reports.rules import (
    Crosstab,
    Dimension,
    Participation,
    Totals,
    crosstabs,
    differs_by_few,
    told_of_all,
    totals_of,
)
from events.reporting.reports.schemas import ReportFilter

EXPORTED = "report.exported"


@dataclass(frozen=True)
class ComponentFigures:
    """A component, how many of its events took place, and the different people and women who attended."""

    component: Component
    held: int
    people: int
    women: int


@dataclass(frozen=True)
class Report:
    """All that a report says."""

    project: Project
    wanted: ReportFilter
    events: Sequence[Event]
    components: Sequence[Component]
    targets: Sequence[ComponentFigures]
    totals: Totals
    tables: dict[Dimension, Crosstab]
    evaluations: dict[UUID, EvaluationSummary]
    outcomes: Sequence[EventOutcome]
    is_disclosing: bool
    language: str


async def read_report(
    db: AsyncSession, project_id: UUID, wanted: ReportFilter, caller: Caller, language: str
) -> Report:
    """The figures of a project's events, in the language of whoever reads. The same number of queries whatever their
    number. Raises NotFound for a project of others; a component or event of others gives an empty report."""
    project = await get_project(db, project_id, caller)
    components = await list_components(db, frozenset({project_id}))
    events = await _events(db, project_id, wanted, caller)
    participations = await _participations(db, events, components, language)
    invited, confirmed = await _invited(db, events)
    fewest = wanted.fewest
    # Events by their days; no other table has such labels.
    order = [event_label(one, language) for one in sorted(events, key=lambda one: (one.first_day, one.id))]
    tables = await asyncio.to_thread(crosstabs, participations, fewest=fewest, order=order)
    totals = totals_of(
        participations,
        events=len(events),
        invited=invited,
        confirmed=confirmed,
        fewest=fewest,
        tables=tables.values(),
    )
    return Report(
        project,
        wanted,
        events,
        components,
        _by_component(components, events, participations),
        totals,
        tables,
        await summaries_of(db, [event.id for event in events]),
        await list_outcomes(db, [event.id for event in events]),
        differs_by_few(told_of_all(totals, tables), await _given_out(db, project_id), fewest),
        language,
    )


async def note_export(db: AsyncSession, report: Report, caller: Caller, *, at: datetime) -> None:
    """That it was given out, and of how many: the next one beside it might tell of few."""
    project_id = report.project.id
    told: dict[str, Any] = told_of_all(report.totals, report.tables)
    audit.record(db, EXPORTED, project_id, at=at, project_id=project_id, **caller.signature, **told)


async def _events(db: AsyncSession, project_id: UUID, wanted: ReportFilter, caller: Caller) -> list[Event]:
    """Those that took place: completed, or with somebody who attended."""
    of = EventFilter(project_id=project_id, component_id=wanted.component_id, since=wanted.since, until=wanted.until)
    query = filtered(caller, of).where(Event.state != EventState.cancelled, took_place())
    if wanted.event_id:
        query = query.where(Event.id == wanted.event_id)
    return list(await db.exec(query))


async def _participations(
    db: AsyncSession, events: Sequence[Event], components: Sequence[Component], language: str
) -> list[Participation]:
    """One for each person and event that somebody attended."""
    say, place, known = words(language), provinces(language), {event.id: event for event in events}
    titles = {one.id: component_label(one, language) for one in components}
    none = f"({say.translate('none')})"
    query: Any = (
        sa.select(
            *(Registration.event_id, Invitation.category, Person, Institution, sa.func.count(col(Attendance.id)))  # type: ignore[call-overload]
        )
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Attendance, col(Attendance.registration_id) == Registration.id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .join(
            Invitation,
            sa.and_(
                col(Invitation.event_id) == Registration.event_id,
                col(Invitation.person_id) == Registration.person_id,
            ),
            isouter=True,
        )
        .where(col(Registration.event_id).in_(known))
        .group_by(col(Registration.id), col(Invitation.category), col(Person.id), col(Institution.id))
    )
    return [
        Participation(
            person.id,
            event_id,
            person.sex,
            half_days,
            {
                Dimension.event: event_label(known[event_id], language),
                Dimension.component: titles.get(known[event_id].component_id, none),  # type: ignore[arg-type]
                Dimension.kind: say.translate(EVENT_KINDS[known[event_id].kind]),
                Dimension.category: say.translate(CATEGORIES[category]) if category else none,
                Dimension.institution: name_of_institution(institution, language) or none,
                Dimension.province: place.get(person.province, none),
            },
        )
        for event_id, category, person, institution, half_days in await db.exec(query)
    ]


def event_label(event: Event, language: str) -> str:
    """What a line of an event is called: two of a series have the same title."""
    return f"{event.title_in(language)}, {words(language).day(event.first_day, 'medium')}"


def component_label(component: Component, language: str) -> str:
    return f"{component.code} {component.title_in(language)}"


async def _invited(db: AsyncSession, events: Sequence[Event]) -> tuple[int, int]:
    """How many invitations went out, and how many people have or had a place until the end."""
    ids = [event.id for event in events]
    invited = sa.select(sa.func.count()).where(
        col(Invitation.event_id).in_(ids), col(Invitation.status) != InvitationStatus.withdrawn
    )
    confirmed = sa.select(sa.func.count()).where(
        col(Registration.event_id).in_(ids), col(Registration.status) == RegistrationStatus.confirmed
    )
    counted: Any = sa.select(invited.scalar_subquery(), confirmed.scalar_subquery())
    return tuple((await db.exec(counted)).one())


def _by_component(
    components: Sequence[Component], events: Sequence[Event], participations: Sequence[Participation]
) -> list[ComponentFigures]:
    """What each component reached; what its activities reach counts for it too, each person once."""
    figures = []
    for component in components:
        mine = {component.id, *(one.id for one in components if one.parent_id == component.id)}
        held = {event.id for event in events if event.component_id in mine}
        people = {one.person_id: one.sex for one in participations if one.event_id in held}
        women = sum(sex is Sex.female for sex in people.values())
        figures.append(ComponentFigures(component, len(held), len(people), women))
    return figures


async def _given_out(db: AsyncSession, project_id: UUID) -> list[dict[str, int]]:
    """How many participations the reports told that were given out lately, and of which sex."""
    found = await db.exec(
        select(AuditEntry)
        .where(AuditEntry.object_id == project_id, AuditEntry.act == EXPORTED)
        .order_by(col(AuditEntry.at).desc())
        .limit(200)
    )
    return [{name: number for name, number in entry.facts.items() if isinstance(number, int)} for entry in found]
