"""Saying who the superior of somebody is, and reading whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.errors import NotFound
from core.i18n import LANGUAGES
from core.paging import Page, Paging, ordered, paged
from core.settings import Settings
from core.signed_addresses import read_token, signed_token
from core.text import address_key, is_one_mailbox
from directory.accounts.access import Caller
from directory.people.models import FocalPoint, Institution, Person
from events.attendance.records.models import Attendance
from events.attendance.superiors.models import Superior, SuperiorOf
from events.attendance.superiors.rules import NoFocalPoint, NotAgreed, OwnSuperior, SuperiorSource
from events.attendance.superiors.schemas import Agreed, SuperiorIn
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.service import lock_event, lock_event_for
from notifications.outbox.service import cancel_unsent_to

PURPOSE = "evaluation by superiors"
_WAS_THERE = select(Attendance.id).where(col(Attendance.registration_id) == Registration.id).exists()


@dataclass(frozen=True)
class AskedAbout:
    """Somebody who attended, with whom to ask about them."""

    registration: Registration
    person: Person
    institution: Institution | None
    superior: Superior | None
    of: SuperiorOf | None


async def list_attended(db: AsyncSession, event_id: UUID, only: UUID | None = None) -> list[AskedAbout]:
    """Everybody who attended by name, or one of them, with their superior: one query."""
    wanted = _attended(event_id)
    if only is not None:
        wanted = wanted.where(Registration.id == only)
    return [AskedAbout(*row) for row in await db.exec(wanted)]


async def page_of_attended(db: AsyncSession, event_id: UUID, paging: Paging) -> Page[AskedAbout]:
    """One page of the same."""
    columns = {
        "name": col(Person.sort_key),
        "superior": sa.func.lower(col(Superior.name)),
        "by": col(SuperiorOf.source),
    }
    order = ordered(paging, columns, col(Person.sort_key), col(Registration.id))
    found = await paged(db, _attended(event_id).order_by(None).order_by(*order), paging)
    return Page([AskedAbout(*row) for row in found.rows], found.total, found.page, found.limit)


def _attended(event_id: UUID) -> Any:
    return (
        sa.select(Registration, Person, Institution, Superior, SuperiorOf)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .join(SuperiorOf, col(SuperiorOf.registration_id) == Registration.id, isouter=True)
        .join(Superior, col(Superior.id) == SuperiorOf.superior_id, isouter=True)
        .where(col(Registration.event_id) == event_id, _WAS_THERE)
        .order_by(col(Person.sort_key), col(Registration.id))
    )


async def set_superior(
    db: AsyncSession, event_id: UUID, registration_id: UUID, given: SuperiorIn, caller: Caller, *, at: datetime
) -> None:
    """The organiser says whom to ask about somebody who attended. Raises NotFound, NotAgreed, OwnSuperior."""
    event = await lock_event_for(db, event_id, caller)
    if not given.is_agreed:
        raise NotAgreed()
    found = await list_attended(db, event.id, registration_id)
    if not found:
        raise NotFound()
    await _set(db, event, found[0], given, SuperiorSource.organiser, at=at)
    _note(db, event, "superior.set", at=at, **caller.signature, people=1)


async def tell_own(
    db: AsyncSession, event_id: UUID, person_id: UUID, given: SuperiorIn, by: Actor, *, at: datetime
) -> None:
    """A participant who attended says whom to ask. Raises NotFound, NotAgreed, OwnSuperior."""
    event = await lock_event(db, event_id)
    if not given.is_agreed:
        raise NotAgreed()
    await _set(db, event, await own(db, event_id, person_id), given, SuperiorSource.participant, at=at)
    _note(db, event, "superior.set", at=at, by=by, people=1)


async def withdraw_own(db: AsyncSession, event_id: UUID, person_id: UUID, by: Actor, *, at: datetime) -> None:
    """A participant no longer agrees that their superior is asked. Raises NotFound."""
    event = await lock_event(db, event_id)
    await _take_away(db, await own(db, event_id, person_id))
    _note(db, event, "superior.removed", at=at, by=by, people=1)


async def remove(db: AsyncSession, event_id: UUID, registration_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Nobody is asked about this person. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    found = await list_attended(db, event.id, registration_id)
    if not found:
        raise NotFound()
    await _take_away(db, found[0])
    _note(db, event, "superior.removed", at=at, **caller.signature, people=1)


async def take_focal_points(db: AsyncSession, event_id: UUID, given: Agreed, caller: Caller, *, at: datetime) -> int:
    """For whoever has no superior yet, the focal point of the institution who became one first. Returns for how many.

    Raises NotFound, NotAgreed, NoFocalPoint.
    """
    event = await lock_event_for(db, event_id, caller)
    if not given.is_agreed:
        raise NotAgreed()
    count = 0
    for attended, focal in await _with_focal_points(db, event.id):
        language = focal.language if focal.language in LANGUAGES else "en"
        said = SuperiorIn.model_validate({"name": focal.name, "address": focal.address, "language": language})
        await _set(db, event, attended, said, SuperiorSource.focal_point, at=at)
        count += 1
    if not count:
        raise NoFocalPoint()
    _note(db, event, "superior.set", at=at, **caller.signature, people=count)
    return count


async def count_focal_points(db: AsyncSession, event_id: UUID) -> int:
    """How many who attended have no superior, and an institution with a focal point: two queries."""
    return len(await _with_focal_points(db, event_id))


async def _with_focal_points(db: AsyncSession, event_id: UUID) -> list[tuple[AskedAbout, Person]]:
    without = [one for one in await list_attended(db, event_id) if one.superior is None and one.institution]
    ids = {one.institution.id for one in without if one.institution}
    found = await db.exec(
        select(FocalPoint.institution_id, Person)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(col(FocalPoint.institution_id).in_(ids), col(Person.address).is_not(None))
        .order_by(col(FocalPoint.id).desc())
    )
    # The first one stands at the end and wins.
    focal = {institution: person for institution, person in found.all()}
    return [
        (one, focal[one.institution.id])
        for one in without
        if one.institution and one.institution.id in focal and focal[one.institution.id].id != one.person.id
    ]


async def to_ask(db: AsyncSession, event_id: UUID) -> dict[UUID, bool]:
    """Superiors with an address of somebody who attended, and whether they have answered: one query."""
    found = await db.exec(
        select(Superior.id, Superior.has_answered).where(
            Superior.event_id == event_id, Superior.address != "", _has_people()
        )
    )
    return dict(found.all())


def _has_people() -> sa.Exists:
    return (
        select(SuperiorOf.id)
        .join(Registration, col(Registration.id) == SuperiorOf.registration_id)
        .where(SuperiorOf.superior_id == Superior.id, _WAS_THERE)
        .exists()
    )


async def people_of(db: AsyncSession, superior_ids: Any) -> Mapping[UUID, list[str]]:
    """Names of those who attended, by their superior."""
    found = await db.exec(
        select(SuperiorOf.superior_id, Person.name)
        .join(Registration, col(Registration.id) == SuperiorOf.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(col(SuperiorOf.superior_id).in_(superior_ids), Person.name != "", _WAS_THERE)
        .order_by(col(Person.sort_key), col(Person.id))
    )
    names: dict[UUID, list[str]] = {}
    for superior_id, name in found:
        names.setdefault(superior_id, []).append(name)
    return names


def link_of(superior_id: UUID, settings: Settings) -> str:
    """The address of a superior's form; signed, it works without signing in."""
    return f"{settings.base_url}/superior/{signed_token(superior_id, PURPOSE, settings.key)}"


async def by_token(db: AsyncSession, token: str, settings: Settings) -> Superior:
    """Whose link that is. Raises NotFound, also for who wants no more of it."""
    id = read_token(token, PURPOSE, settings.keys)
    found = await db.get(Superior, id) if id else None
    if found is None or not found.address:
        raise NotFound()
    return found


async def decline(db: AsyncSession, superior: Superior, *, at: datetime) -> None:
    """Somebody does not want to be asked: name and address go."""
    event = await lock_event(db, superior.event_id)
    await db.refresh(superior)
    await cancel_unsent_to(db, superior.address, event.id)
    superior.name, superior.address = "", ""
    _note(db, event, "superior.declined", at=at, by=audit.PROGRAM)
    await db.flush()


async def own(db: AsyncSession, event_id: UUID, person_id: UUID) -> AskedAbout:
    """A participant who attended. Raises NotFound."""
    found = (await db.exec(_attended(event_id).where(Person.id == person_id))).first()
    if found is None:
        raise NotFound()
    return AskedAbout(*found)


async def _set(
    db: AsyncSession,
    event: Event,
    attended: AskedAbout,
    given: SuperiorIn,
    source: SuperiorSource,
    *,
    at: datetime,
) -> None:
    """One mailbox is one superior; under the event's lock. Who has answered stays who they are."""
    if is_one_mailbox(given.address, attended.person.address):
        raise OwnSuperior()
    await _take_away(db, attended)
    key = address_key(given.address)
    there = await db.exec(select(Superior).where(Superior.event_id == event.id, Superior.address != ""))
    superior = next((one for one in there if address_key(one.address) == key), None)
    if superior is None:
        superior = Superior(event_id=event.id, **given.model_dump(include={"name", "address", "language"}))
    elif not superior.has_answered:
        superior.name, superior.language = given.name, given.language
    db.add(superior)
    await db.flush()
    of = SuperiorOf(registration_id=attended.registration.id, superior_id=superior.id, source=source, stated_at=at)
    db.add(of)
    await db.flush()


async def _take_away(db: AsyncSession, attended: AskedAbout) -> None:
    """The last of whom somebody was the superior takes name and address along, unless they have answered. What has
    not left yet names whom it should not."""
    if attended.of is None or attended.superior is None:
        return
    await cancel_unsent_to(db, attended.superior.address, attended.registration.event_id)
    await db.exec(delete(SuperiorOf).where(col(SuperiorOf.id) == attended.of.id))
    others = select(SuperiorOf.id).where(SuperiorOf.superior_id == attended.superior.id)
    if not attended.superior.has_answered and (await db.exec(others)).first() is None:
        await db.delete(attended.superior)
    await db.flush()


def _note(
    db: AsyncSession,
    event: Event,
    act: str,
    *,
    at: datetime,
    by: Actor,
    reason: str = "",
    people: int | None = None,
) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, by=by, reason=reason, people=people)
