"""Finding people on an event's list, and taking the list out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import given_words, matches_given
from core.paging import Page, Paging, at_most, in_order, page_given, turned_page
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.models import Institution, Person
from directory.people.service import find_person_by_address, institutions_named, new_person
from directory.projects.service import must_reach
from events.attendance.certificates.models import Certificate
from events.attendance.certificates.rules import CertificateState
from events.attendance.records.models import Attendance
from events.invitations.invitations.mails import INVITATION
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import (
    BY_ORGANISER,
    UNANSWERED,
    InvitationStatus,
)
from events.invitations.invitations.schemas import RosterEntryIn
from events.invitations.invitations.service import is_unreleased, nominate
from events.invitations.registrations.models import Registration, is_active_of, lacks_data
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.responses.service import add as add_at_once
from events.participants.bulk.rules import MOST_CHOSEN
from events.participants.roster.models import RosterColumns
from events.participants.roster.rules import FUNNEL, USUAL, Column, Mark
from events.participants.roster.schemas import RosterFilter, RosterLine
from events.programme.events.models import Event
from events.programme.events.service import get_event
from notifications.outbox.models import Message
from notifications.outbox.rules import State

BACK = (State.failed, State.expired)
# From so many people on, a page of them is found by the index of names rather than by sorting all.
LONG = 3_000
# What is read only where its column is shown.
LOOKED_UP = frozenset({Column.reason, Column.mail, Column.signed})


async def list_roster(
    db: AsyncSession,
    event: Event,
    wanted: RosterFilter,
    page_request: Paging,
    columns: Collection[Column] = (),
    counts: Mapping[InvitationStatus, int] | None = None,
) -> Page[RosterLine]:
    """People named for the event who pass the filter, by name: one query whatever the columns. `counts`, how many
    stand how, spares counting where nothing else is asked than that."""
    is_later = page_request.page > 1
    is_counted = counts is None or bool(wanted.q or wanted.category or wanted.mark)
    total = 0 if counts is None or is_counted else _total(counts, wanted)
    asked = _Asked.of(wanted, is_long=total > LONG)
    given = {"event_id": event.id, **given_words(wanted.q)}
    page = _page(asked, frozenset(columns) & LOOKED_UP, is_counted, is_later)
    rows = (await db.exec(page, params=given | page_given(page_request))).all()
    if not is_counted:
        count = total
    elif rows or not is_later:
        count = rows[0][-1] if rows else 0
    else:
        # Beyond the last page there is no row that would say it.
        all_of_them: Any = sa.select(sa.func.count()).select_from(_found(asked).subquery())
        count = (await db.exec(all_of_them, params=given)).one()[0]
    return Page([RosterLine(*row[:-1]) for row in rows], count, page_request.page, page_request.limit)


def _total(counts: Mapping[InvitationStatus, int], wanted: RosterFilter) -> int:
    return counts.get(wanted.status, 0) if wanted.status else sum(counts.values())


async def list_all(
    db: AsyncSession, event: Event, wanted: RosterFilter, columns: Collection[Column]
) -> list[RosterLine]:
    """Lines of all whom the filter leaves, in order."""
    asked = _Asked.of(wanted)
    lines = _lines(columns).where(*_conditions(asked)).order_by(*_order(asked)).limit(at_most(MOST_CHOSEN))
    found = await db.exec(lines, params={"event_id": event.id, **given_words(wanted.q)})
    return [RosterLine(*row) for row in found]


async def chosen(db: AsyncSession, event: Event, wanted: RosterFilter) -> list[UUID]:
    """The invitations of everybody who passes the filter."""
    asked = _Asked.of(wanted)
    rows = _found(asked).order_by(*_order(asked)).limit(at_most(MOST_CHOSEN))
    return list((await db.exec(rows, params={"event_id": event.id, **given_words(wanted.q)})).scalars().all())


@dataclass(frozen=True)
class _Asked:
    """What makes one statement another: a filter without its words, which come as parameters, as the event does; how
    many words these are; whether the list `is_long`."""

    by: RosterFilter
    words: int
    is_long: bool = False

    @classmethod
    def of(cls, wanted: RosterFilter, *, is_long: bool = False) -> "_Asked":
        return cls(replace(wanted, q=""), len(given_words(wanted.q)), is_long)


@lru_cache(maxsize=512)
def _page(asked: _Asked, columns: frozenset[Column], is_counted: bool, is_later: bool) -> Any:
    # Who stands on the page is found first: all others are sorted without what the lines say.
    found = turned_page(_found(asked).order_by(*_order(asked)), is_later)
    total: Any = sa.func.count().over() if is_counted else sa.literal(0)
    page = found.add_columns(total.label("total")).subquery()
    lines = _lines(columns).add_columns(page.c.total).join(page, page.c.id == col(Invitation.id))
    return lines.order_by(*_order(asked))


def _found(wanted: _Asked) -> Any:
    """Whom the filter leaves; tables that neither it nor the order asks of are not read."""
    rows: Any = sa.select(col(Invitation.id)).join(Person, col(Person.id) == Invitation.person_id)
    if wanted.by.sort.removeprefix("-") == "institution":
        rows = rows.join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
    if wanted.by.mark:
        rows = rows.join(Registration, is_active_of(Invitation.id), isouter=True)
    return rows.where(*_conditions(wanted))


def _lines(columns: Collection[Column]) -> Any:
    """Lines of the list; what takes long to find, or to decrypt, only for these columns."""
    mail, signed = _mail(), _signed()
    rows: Any = sa.select(
        col(Invitation.id),
        col(Person.id),
        col(Person.name),
        col(Person.title),
        col(Person.title_en),
        col(Person.province),
        col(Person.address),
        col(Institution.name),
        col(Institution.name_en),
        col(Invitation.category),
        col(Invitation.status),
        col(Invitation.origin),
        col(Invitation.answered_at),
        col(Invitation.opened_at),
        col(Invitation.reason) if Column.reason in columns else sa.null(),
        col(Registration.status),
        col(Registration.told_at),
        col(Registration.missing),
        col(Registration.guests),
        mail if Column.mail in columns else sa.null(),
        signed if Column.signed in columns else sa.null(),
    )
    rows = rows.join(Person, col(Person.id) == Invitation.person_id)
    rows = rows.join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
    return rows.join(Registration, is_active_of(Invitation.id), isouter=True)


def _order(wanted: _Asked) -> list[Any]:
    """Who has nothing of what is sorted by stands last, whichever way; who is alike stands by name."""
    # By the index of names only for a list of thousands: it is walked among all people there are.
    name: Any = Person.sort_key if wanted.is_long else sa.func.coalesce(Person.sort_key, "")
    columns: dict[str, Any] = {
        "name": name,
        "surname": sa.func.nullif(Person.surname_key, ""),
        "institution": Institution.sort_key,
        "province": sa.func.nullif(Person.province, ""),
        "answer": Invitation.status,
        "answered-at": Invitation.answered_at,
    }
    return in_order(wanted.by.sort, columns, name, col(Invitation.id))


def _conditions(wanted: _Asked) -> list[sa.ColumnElement[bool]]:
    found = [col(Invitation.event_id) == sa.bindparam("event_id")]
    if wanted.words:
        found.append(matches_given(col(Person.search), wanted.words))
    if wanted.by.status:
        found.append(col(Invitation.status) == wanted.by.status)
    if wanted.by.category:
        found.append(col(Invitation.category) == wanted.by.category)
    if wanted.by.mark:
        found.append(_marked(wanted.by.mark, _mail(), _signed()))
    return found


def _mail() -> Any:
    """What became of the last invitation mail."""
    return (
        select(Message.state)
        .where(
            col(Message.about_id) == sa.bindparam("event_id"),
            col(Message.person_id) == Invitation.person_id,
            Message.kind == INVITATION,
        )
        .order_by(col(Message.id).desc())
        .limit(1)
        .correlate(Invitation)
        .scalar_subquery()
    )


def _signed() -> Any:
    """How many half-days somebody signed."""
    return (
        select(sa.func.count())
        .select_from(Attendance)
        .where(col(Attendance.registration_id) == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )


def _marked(mark: Mark, mail: Any, signed: Any) -> Any:
    has_place = col(Registration.status) == RegistrationStatus.confirmed
    awaited = sa.and_(col(Invitation.status).in_(UNANSWERED), ~is_unreleased())
    return {
        Mark.unanswered: awaited,
        Mark.not_opened: sa.and_(awaited, col(Invitation.opened_at).is_(None)),
        Mark.no_address: col(Person.address).is_(None),
        Mark.bounced: mail.in_(BACK),
        Mark.missing: sa.and_(
            col(Registration.id).is_not(None),
            col(Registration.status) != RegistrationStatus.pending,
            lacks_data(),
        ),
        Mark.reapplied: sa.and_(col(Invitation.status).in_(BY_ORGANISER), col(Invitation.reapplied_at).is_not(None)),
        Mark.checked_in: signed > 0,
        Mark.not_checked_in: sa.and_(has_place, signed == 0),
        Mark.certified: sa.exists().where(
            col(Certificate.registration_id) == Registration.id, col(Certificate.state) == CertificateState.valid
        ),
    }[mark]


async def count_progress(
    db: AsyncSession, event: Event, *, has_drafts: bool
) -> tuple[dict[InvitationStatus, int], list[tuple[str, int]]]:
    """How many stand how, without what nobody is; and how far people of an event are, each step within the one before:
    asked, reached, opened, answered, coming.
    `has_drafts`: whether any mail of the event waits for its release; else nobody's is looked for."""
    found = (await db.exec(_progress(has_drafts), params={"event_id": event.id})).all()
    counts = {InvitationStatus(status): count for status, count, *_ in found}
    return counts, [(name, sum(row[place] for row in found)) for place, name in enumerate(FUNNEL, start=2)]


@cache
def _progress(has_drafts: bool) -> Any:
    event_id = sa.bindparam("event_id", type_=sa.Uuid())
    is_asked: sa.ColumnElement[bool] = col(Invitation.invited_at).is_not(None)
    if has_drafts:
        is_asked = sa.and_(is_asked, ~is_unreleased())
    reached = sa.exists().where(
        col(Message.about_id) == event_id,
        col(Message.person_id) == Invitation.person_id,
        col(Message.kind) == INVITATION,
        col(Message.state) == State.sent,
    )
    opened = col(Invitation.opened_at).is_not(None)
    answered = col(Invitation.answered_at).is_not(None)
    coming = col(Invitation.status) == InvitationStatus.accepted
    steps = (
        is_asked,
        # What has to be looked up last.
        sa.and_(is_asked, sa.or_(opened, answered, reached)),
        sa.and_(is_asked, sa.or_(opened, answered)),
        sa.and_(is_asked, answered),
        sa.and_(is_asked, coming),
    )
    counted: Any = sa.select(
        col(Invitation.status), sa.func.count(), *(sa.func.count().filter(step) for step in steps)
    ).where(col(Invitation.event_id) == event_id)
    return counted.group_by(col(Invitation.status))


def columns_for(caller: Caller, project_id: UUID) -> list[Column]:
    """The columns that the caller may see: what people gave as their reason is for planners of the project only."""
    may_plan = caller.may(Right.plan, project_id)
    return [column for column in Column if may_plan or column is not Column.reason]


async def columns_of(db: AsyncSession, caller: Caller, project_id: UUID) -> list[Column]:
    """The columns that the caller chose last, or the usual ones, as far as they may see them."""
    kept = await db.get(RosterColumns, caller.account_id)
    known = [column for column in columns_for(caller, project_id) if kept and column in kept.columns]
    return known or list(USUAL)


async def choose_columns(db: AsyncSession, columns: Sequence[Column], caller: Caller) -> None:
    kept = await db.get(RosterColumns, caller.account_id) or RosterColumns(account_id=caller.account_id)
    kept.columns = [column.value for column in Column if column in columns]
    db.add(kept)
    await db.flush()


async def name_by_hand(
    db: AsyncSession,
    event_id: UUID,
    given: RosterEntryIn,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    is_added: bool,
    key: UUID | None = None,
) -> tuple[Person, Invitation]:
    """Name somebody to be invited with the others, or put them on the list as coming, told and not asked.

    Who has the address is taken, else a person is made; the same key finds the one that it made. Raises NotFound for an
    event or a key of another project, Unacceptable, EventIsOff.
    """
    event = await get_event(db, event_id, caller)
    person = await db.get(Person, key) if key else None
    if person is None:
        person = await _person_meant(db, event.project_id, given, key)
    must_reach(person.project_id, "person", person.id, caller.within(event.project_id))
    if is_added:
        await add_at_once(db, event.id, [person.id], caller, settings, at=at)
    else:
        await nominate(db, event, [person.id], caller, at=at)
    theirs = select(Invitation).where(Invitation.event_id == event.id, Invitation.person_id == person.id)
    return person, (await db.exec(theirs)).one()


async def _person_meant(db: AsyncSession, project_id: UUID, given: RosterEntryIn, key: UUID | None) -> Person:
    known = await find_person_by_address(db, project_id, given.address or "")
    if known:
        return known
    institutions = await institutions_named(db, project_id, [given.institution])
    person = new_person(
        db,
        project_id,
        name=given.name,
        title=given.title,
        address=given.address,
        province=given.province,
        institution=next(iter(institutions.values()), None),
        id=key,
    )
    await db.flush()
    return person
