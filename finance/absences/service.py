"""Entering when people were away: each their own, or one for many."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.errors import N_, NotFound, Unacceptable
from core.ids import new_id
from core.paging import Page, Paging, page_of
from core.rows import add_rows
from directory.accounts.access import Caller
from directory.accounts.rules import PLANS_OR_PAYS
from directory.people.models import Person
from directory.projects.service import must_hold_any
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed, page_of_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for
from finance.absences.models import Absence
from finance.absences.rules import AbsencePlan, ToldAbsence, plan_of
from finance.absences.schemas import AbsenceIn, AbsencesIn
from finance.missions.rules import time_away
from finance.rules.facts import TimeAway
from visits.legs.reading import travel_leg
from visits.legs.service import legs_of


@dataclass(frozen=True)
class AbsentPerson:
    """Somebody with a place, what is entered of them, and what their legs say."""

    registration: Registration
    person: Person
    entered: Absence | None
    by_legs: TimeAway | None

    @property
    def away(self) -> TimeAway | None:
        """What counts: what is entered wins over legs."""
        return self.entered.away if self.entered else self.by_legs


async def absences_of(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> dict[UUID, Absence]:
    """What is entered of everybody, or of one, by registration: one query."""
    wanted = select(Absence).where(Absence.event_id == event_id)
    if only is not None:
        wanted = wanted.where(Absence.registration_id == only)
    return {one.registration_id: one for one in await db.exec(wanted)}


_TIMES: Mapping[str, Callable[[AbsentPerson], Any]] = {
    "left": lambda one: one.away and one.away.start,
    "back": lambda one: one.away and one.away.end,
}


async def page_of_absences(
    db: AsyncSession, event_id: UUID, caller: Caller, paging: Paging
) -> tuple[Event, Page[AbsentPerson]]:
    """Everybody by name, a constant number of queries. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    if paging.sort.removeprefix("-") in _TIMES:
        # Times are told, or those of legs: only all of them can be compared.
        everybody = {row.id: (row, person) for row, person, _ in await list_confirmed(db, event.id)}
        return event, page_of(await _with_times(db, event.id, everybody), paging, _TIMES)
    page = await page_of_confirmed(db, event.id, paging)
    rows = await _with_times(db, event.id, {row.id: (row, person) for row, person, _ in page.rows})
    return event, Page(rows, page.total, page.page, page.limit)


async def absence_in(
    db: AsyncSession, event_id: UUID, registration_id: UUID, caller: Caller
) -> tuple[Event, AbsentPerson]:
    """One person of an event. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    return event, await person_in(db, event.id, registration_id)


async def person_in(db: AsyncSession, event_id: UUID, registration_id: UUID) -> AbsentPerson:
    """Raises NotFound for who has no place there."""
    found = await list_confirmed(db, event_id, only=registration_id)
    if not found:
        raise NotFound()
    return (await _with_times(db, event_id, {row.id: (row, person) for row, person, _ in found}))[0]


async def _with_times(
    db: AsyncSession, event_id: UUID, people: Mapping[UUID, tuple[Registration, Person]]
) -> list[AbsentPerson]:
    entered = await absences_of(db, event_id)
    legs: dict[UUID, list[Any]] = {}
    for leg, one in await legs_of(db, list(people)):
        if one.is_travelling and leg.cancelled_at is None:
            legs.setdefault(one.registration_id, []).append(travel_leg(leg))
    return [
        AbsentPerson(registration, person, entered.get(id), time_away(legs.get(id, [])))
        for id, (registration, person) in people.items()
    ]


async def enter(
    db: AsyncSession, event_id: UUID, registration_id: UUID, given: AbsenceIn, caller: Caller, *, at: datetime
) -> Absence:
    """When one person was away, by who plans or pays. Raises NotFound, NotAllowed, Unacceptable beside the field."""
    event = await _lock(db, event_id, caller)
    if not await list_confirmed(db, event.id, only=registration_id):
        raise NotFound()
    told = _told(event, given)
    by = caller.signature["by"]
    await _write(db, event, [registration_id], told, "absence.entered", by, caller.account_id, at=at)
    return (await absences_of(db, event.id, only=registration_id))[registration_id]


async def enter_own(
    db: AsyncSession, event: Event, registration: Registration, given: AbsenceIn, *, at: datetime
) -> Absence:
    """The same by the person; the event is locked. Raises Unacceptable beside the field."""
    told, by = _told(event, given), Actor.person(registration.person_id)
    await _write(db, event, [registration.id], told, "absence.told", by, None, at=at)
    return (await absences_of(db, event.id, only=registration.id))[registration.id]


async def plan_absences(db: AsyncSession, event_id: UUID, given: AbsencesIn, caller: Caller) -> AbsencePlan:
    """What entering it for several would do; nothing is changed. Raises NotFound, NotAllowed, Unacceptable."""
    event = await get_event(db, event_id, caller)
    must_hold_any(event.project_id, caller, *PLANS_OR_PAYS)
    _told(event, given)
    return (await _plan(db, event, given))[0]


async def enter_absences(
    db: AsyncSession, event_id: UUID, given: AbsencesIn, caller: Caller, *, at: datetime
) -> AbsencePlan:
    """The same absence for everybody or those chosen. Raises NotFound, NotAllowed, Unacceptable beside the field."""
    event = await _lock(db, event_id, caller)
    told = _told(event, given)
    plan, written = await _plan(db, event, given)
    if written:
        await _write(db, event, written, told, "absence.entered", caller.signature["by"], caller.account_id, at=at)
    return plan


async def remove(db: AsyncSession, event_id: UUID, registration_id: UUID, caller: Caller, *, at: datetime) -> None:
    """What legs say counts again. Raises NotFound, NotAllowed."""
    event = await _lock(db, event_id, caller)
    absence = (await absences_of(db, event.id, only=registration_id)).get(registration_id)
    if absence is None:
        raise NotFound()
    await db.delete(absence)
    _note(db, "absence.removed", event, caller.signature["by"], [registration_id], at=at)
    await db.flush()


async def _plan(db: AsyncSession, event: Event, given: AbsencesIn) -> tuple[AbsencePlan, list[UUID]]:
    there = [row.id for row, _, _ in await list_confirmed(db, event.id)]
    wanted = there if given.registrations is None else list(dict.fromkeys(given.registrations))
    if not wanted or not set(wanted) <= set(there):
        raise Unacceptable("registrations", N_("Choose people who have a place at this event."))
    entered = {id: one.entered_by for id, one in (await absences_of(db, event.id)).items()}
    return plan_of(wanted, entered, replaces=given.replaces)


async def _lock(db: AsyncSession, event_id: UUID, caller: Caller) -> Event:
    event = await lock_event_for(db, event_id, caller)
    must_hold_any(event.project_id, caller, *PLANS_OR_PAYS)
    return event


def _told(event: Event, given: AbsenceIn) -> ToldAbsence:
    told = given.told
    told.must_fit(event.first_day, event.last_day)
    return told


async def _write(
    db: AsyncSession,
    event: Event,
    people: Collection[UUID],
    told: ToldAbsence,
    act: str,
    by: Actor,
    account_id: UUID | None,
    *,
    at: datetime,
) -> None:
    values = asdict(told) | {"entered_by": account_id, "entered_at": at}
    there = {}
    wanted = select(Absence).where(Absence.event_id == event.id, col(Absence.registration_id).in_(people))
    for one in await db.exec(wanted.execution_options(populate_existing=True)):
        there[one.registration_id] = one.sqlmodel_update(values)
    new = [{"id": new_id(), "event_id": event.id, "registration_id": id, **values} for id in people if id not in there]
    await add_rows(db, Absence, new)
    _note(db, act, event, by, people, at=at)
    await db.flush()


def _note(db: AsyncSession, act: str, event: Event, by: Actor, people: Collection[UUID], *, at: datetime) -> None:
    about: dict[str, Any] = {"registration": next(iter(people))} if len(people) == 1 else {}
    audit.record(db, act, event.id, at=at, project_id=event.project_id, by=by, people=len(people), **about)
