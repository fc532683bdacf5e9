"""Registrations: how one stands, what the person tells with it, and who has a place."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.paging import Page, Paging, ordered
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from directory.projects.models import Project
from directory.projects.service import must_reach
from events.invitations.invitations.mails import MailContext, answer_message
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import WITH_REASON, InvitationStatus, must_become
from events.invitations.invitations.service import actor_of, new_link
from events.invitations.phases.rules import Act, must_be_time_for
from events.invitations.registrations import rules
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.schemas import Details
from events.programme.events.models import Event
from events.programme.events.service import list_sessions
from notifications.outbox.service import enqueue

# Letters of a draft: more than all fields of the page together may hold.
MAX_DRAFT = 100_000
# What a person told with one yes goes over to the next, with whether anything is missing in it.
_CARRIED = (
    "passport_name",
    "mobile",
    "diet",
    "accessibility",
    "emergency_contact",
    "agrees_photographs",
    "told_at",
    "missing",
)

# What packages above know of who was there: conditions on a registration.
WAS_THERE: list[Callable[[], sa.ColumnElement[bool]]] = []

# The one who waits is any row of the table, this one is the invitation's own.
_own = aliased(Registration)


async def lock_context(db: AsyncSession, invitation_id: UUID) -> ResponseContext:
    """Lock the event, then read what the invitation says: it is so until the unit of work ends.

    Two statements: the lock has to come first, for what is read before it may be old. Raises NotFound.
    """
    event = (await db.exec(_its_event(), params={"invitation_id": invitation_id})).first()
    if event is None:
        raise NotFound()
    return await _read_context(db, invitation_id, event)


@cache
def _its_event() -> SelectOfScalar[Event]:
    invited = select(Invitation.event_id).where(col(Invitation.id) == sa.bindparam("invitation_id")).scalar_subquery()
    locked = select(Event).where(col(Event.id) == invited).with_for_update()
    return locked.execution_options(populate_existing=True)


async def lock_context_for(db: AsyncSession, invitation_id: UUID, caller: Caller) -> ResponseContext:
    """`lock_context` for whoever may reach it. Raises NotFound, for another project's invitation too."""
    context = await lock_context(db, invitation_id)
    must_reach(context.event.project_id, "event", context.event.id, caller)
    return context


async def read_context(db: AsyncSession, invitation_id: UUID) -> ResponseContext:
    """The same without a lock, for showing it."""
    event = (
        await db.exec(
            select(Event).join(Invitation, col(Invitation.event_id) == Event.id).where(Invitation.id == invitation_id)
        )
    ).one()
    return await _read_context(db, invitation_id, event)


async def _read_context(db: AsyncSession, invitation_id: UUID, event: Event) -> ResponseContext:
    found = await db.exec(_context(), params={"invitation_id": invitation_id, "project_id": event.project_id})
    invitation, person, project, latest = found.one()
    return ResponseContext(invitation, event, person, project, latest)


@cache
def _context() -> Any:
    return (
        sa.select(Invitation, Person, Project, _own)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Project, col(Project.id) == sa.bindparam("project_id"))
        .join(_own, col(_own.invitation_id) == Invitation.id, isouter=True)
        .where(col(Invitation.id) == sa.bindparam("invitation_id"))
        .order_by(col(_own.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def register(
    db: AsyncSession, context: ResponseContext, status: RegistrationStatus, *, at: datetime, guests: int = 0
) -> Registration:
    """A new registration, with what the person told with an earlier yes: nobody types it twice. The caller holds the
    event's lock and has seen that there is room."""
    told = {name: getattr(context.latest, name) for name in _CARRIED} if context.latest else {}
    context.latest = Registration(
        event_id=context.event.id,
        person_id=context.invitation.person_id,
        invitation_id=context.invitation.id,
        status=status,
        guests=guests,
        registered_at=at,
        changed_at=at,
        **told,
    )
    if status in rules.HOLDING:
        context.event.taken += context.latest.seats
    db.add(context.latest)
    return context.latest


def change_status(registration: Registration, status: RegistrationStatus, event: Event, *, at: datetime) -> None:
    """Another status, with the event's count of places kept true. The caller holds the event's lock."""
    # Offered and confirmed both hold the place, so an offer that is taken changes no count.
    holds = int(status in rules.HOLDING) - int(registration.status in rules.HOLDING)
    event.taken += holds * registration.seats
    event.is_overbooked = event.taken > event.capacity
    registration.status, registration.changed_at = status, at
    registration.offered_until = None
    # Part of the sequence of the person's calendar entry, which has to rise with each status.
    registration.revision += 1


async def tell(db: AsyncSession, invitation_id: UUID, details: Details, *, at: datetime) -> ResponseContext:
    """Keep what the participant tells us, encrypted. Raises NotRegistered."""
    context = await lock_context(db, invitation_id)
    if context.registration is None:
        raise rules.NotRegistered()
    must_be_time_for(Act.tell, context.event, at=at)
    for name, value in details.model_dump(exclude={"agrees_data_use", "agrees_contacts"}).items():
        setattr(context.registration, name, value)
    context.registration.told_at, context.registration.draft = at, ""
    audit.record(
        db,
        "details.told",
        context.person.id,
        at=at,
        project_id=context.project.id,
        by=audit.Actor.person(context.person.id),
    )
    await db.flush()
    return context


async def keep_draft(db: AsyncSession, invitation_id: UUID, typed: dict[str, Any]) -> None:
    """Remember what was typed and not sent, encrypted, so that a closed browser loses nothing.

    Raises NotRegistered, or Unacceptable beside the longest field where it is more than is kept: nothing is cut.
    """
    draft = json.dumps(typed, ensure_ascii=False)
    if len(draft) > MAX_DRAFT:
        longest = max(typed, key=lambda name: len(str(typed[name])))
        raise Unacceptable(longest, N_("This is longer than what is kept. Please shorten it."))
    context = await lock_context(db, invitation_id)
    if context.registration is None:
        raise rules.NotRegistered()
    context.registration.draft = draft
    await db.flush()


def draft_of(registration: Registration | None) -> dict[str, Any]:
    """What was typed and not sent. A draft that an earlier version cut off is lost; the page is not."""
    try:
        found = json.loads(registration.draft) if registration and registration.draft else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def find_active(db: AsyncSession, invitation: Invitation) -> Registration | None:
    """The one that is not withdrawn; the database lets there be no second one."""
    return (await db.exec(select(Registration).where(is_active_for(invitation)))).first()


def is_active_for(invitation: Any) -> sa.ColumnElement[bool]:
    """The condition of that, for an invitation or, in a join, for the table of them."""
    return sa.and_(
        col(Registration.event_id) == invitation.event_id,
        col(Registration.person_id) == invitation.person_id,
        col(Registration.status) != RegistrationStatus.withdrawn,
    )


async def must_have_place(db: AsyncSession, invitation_id: UUID) -> None:
    """Raises NotRegistered for whoever has no place."""
    found = await db.exec(
        select(Registration.id).where(
            Registration.invitation_id == invitation_id, Registration.status == RegistrationStatus.confirmed
        )
    )
    if found.first() is None:
        raise rules.NotRegistered()


async def has_been_there(db: AsyncSession, invitation_id: UUID) -> bool:
    """Whether somebody signed or was checked in, with the place they have or one they had."""
    return bool((await db.exec(sa.select(has_been_there_with(invitation_id)))).scalar_one())  # type: ignore[call-overload]


def has_been_there_with(invitation_id: Any) -> sa.ColumnElement[bool]:
    """The same as a column of another query."""
    of_them = select(Registration.id).where(Registration.invitation_id == invitation_id, was_there())
    return of_them.correlate(None).exists()


async def must_not_have_been_there(db: AsyncSession, context: ResponseContext) -> None:
    """Raises AttendanceRecorded."""
    if await has_been_there(db, context.invitation.id):
        raise rules.AttendanceRecorded()


def was_there() -> sa.ColumnElement[bool]:
    """The condition on which somebody signed or was checked in with a registration."""
    return sa.or_(sa.false(), *(condition() for condition in WAS_THERE))


def takes_part() -> sa.ColumnElement[bool]:
    """Who has a place, and who was there with one, whatever became of it since; nobody twice."""
    another = sa.exists().where(
        col(_own.invitation_id) == Registration.invitation_id, col(_own.status) == RegistrationStatus.confirmed
    )
    return sa.or_(
        col(Registration.status) == RegistrationStatus.confirmed,
        sa.and_(col(Registration.status) == RegistrationStatus.withdrawn, was_there(), ~another),
    )


async def list_confirmed(
    db: AsyncSession, event_id: UUID, *, by: str = "name", only: UUID | None = None
) -> list[tuple[Registration, Person, Institution | None]]:
    """Everybody with a place, and who was there though the place is gone since, by name, surname, institution or
    protocol, in one query. `only` is one of these registrations."""
    wanted = _confirmed(event_id, by, Registration, Person, Institution)
    if only is not None:
        wanted = wanted.where(Registration.id == only)
    return list((await db.exec(wanted)).all())


async def page_of_confirmed(
    db: AsyncSession, event_id: UUID, paging: Paging
) -> Page[tuple[Registration, Person, Institution | None]]:
    """One page of these by name, with how many there are: one query."""
    wanted = _confirmed(event_id, "name", Registration, Person, Institution, sa.func.count().over())
    columns = {"name": col(Person.sort_key), "institution": col(Institution.sort_key)}
    order = ordered(paging, columns, col(Person.sort_key), col(Registration.id))
    wanted = wanted.order_by(None).order_by(*order)
    rows = (await db.exec(wanted.offset((paging.page - 1) * paging.limit).limit(paging.limit))).all()
    return Page([row[:3] for row in rows], rows[0][3] if rows else 0, paging.page, paging.limit)


def _confirmed(event_id: UUID, by: str, *what: Any) -> Any:
    orders: dict[str, list[Any]] = {
        # Whoever has none, and who was written by an older process, stands last on every database.
        "institution": [col(Institution.sort_key).is_(None), Institution.sort_key, Person.sort_key],
        "surname": [col(Person.surname_key) == "", Person.surname_key],
        "protocol": [col(Person.protocol_rank).is_(None), Person.protocol_rank, Person.sort_key],
    }
    order = orders.get(by, [Person.sort_key])
    return (
        select(*what)
        .select_from(Registration)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(Registration.event_id == event_id, takes_part())
        .order_by(*order, col(Registration.id))
    )


async def mail_context_of(
    db: AsyncSession, context: ResponseContext, settings: Settings, *, at: datetime
) -> MailContext:
    """What a mail to this person needs, with a fresh personal link."""
    sessions = await list_sessions(db, context.event.id)
    link = new_link(db, context.invitation, settings, at=at)
    return MailContext(context.invitation, context.person, context.event, context.project, sessions, link, settings)


async def record_status(
    db: AsyncSession,
    context: ResponseContext,
    status: InvitationStatus,
    settings: Settings,
    *,
    at: datetime,
    act: str = "",
    by: Caller | None = None,
    until: datetime | None = None,
) -> None:
    """Write down what became of an invitation, say it in the history, and enqueue the mail about it.

    `act` is the history's word where it is not the status itself, `by` the organiser who decided, `until` how long an
    offered place is kept. Raises NotThatAnswer for an edge that is not drawn.
    """
    invitation, person = context.invitation, context.person
    # Here for everybody: whoever comes by another way than the buttons meets the same edges.
    must_become(invitation.status, status)
    invitation.status, invitation.answered_at = status, at
    invitation.answers += 1
    if status not in WITH_REASON:
        invitation.reason = ""
    # What a participant gives as their reason stays with the invitation, encrypted: entries cannot be erased.
    audit.record(
        db,
        act or f"person.{status.value}",
        person.id,
        at=at,
        project_id=context.project.id,
        by=actor_of(invitation, by),
        reason=invitation.reason if by and status in WITH_REASON else "",
        event_id=context.event.id,
    )
    if person.address:
        mail = await mail_context_of(db, context, settings, at=at)
        await enqueue(db, [answer_message(mail, at=at, until=until)])
