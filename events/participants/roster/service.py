"""Finding people on an event's list, and taking the list out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import matches
from core.errors import N_
from core.i18n import Words, words
from core.paging import Page, Paging, at_most, in_order
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.geography import provinces
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
    CATEGORIES,
    INVITATION_STATUSES,
    ORIGINS,
    UNANSWERED,
    Category,
    InvitationStatus,
)
from events.invitations.invitations.schemas import RosterEntryIn
from events.invitations.invitations.service import is_unreleased, nominate
from events.invitations.questionnaires.models import Question
from events.invitations.questionnaires.rules import shown
from events.invitations.questionnaires.service import answers_of, list_questions
from events.invitations.registrations.models import Registration, is_active_of, lacks_data
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.responses.service import add as add_at_once
from events.participants.bulk.rules import MOST_CHOSEN
from events.participants.roster.models import RosterColumns
from events.participants.roster.rules import COLUMNS, FUNNEL, USUAL, Column, Mark
from events.participants.roster.schemas import RosterFilter, RosterLine
from events.programme.events.models import Event
from events.programme.events.service import get_event
from notifications.outbox.models import Message
from notifications.outbox.rules import STATE_NAMES, State

BACK = (State.failed, State.expired)


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
    start = (page_request.page - 1) * page_request.limit
    # Who stands on the page is found first: all others are sorted without what the lines say.
    found = _found(event, wanted).order_by(*_order(wanted)).offset(start or None).limit(at_most(page_request.limit))
    if counts is None or wanted.q or wanted.category or wanted.mark:
        total: Any = sa.func.count().over()
    else:
        total = sa.literal(counts.get(wanted.status, 0) if wanted.status else sum(counts.values()))
    page = found.add_columns(total.label("total")).subquery()
    lines = _lines(event, columns).add_columns(page.c.total).join(page, page.c.id == col(Invitation.id))
    rows = (await db.exec(lines.order_by(*_order(wanted)))).all()
    if rows or not start:
        count = rows[0][-1] if rows else 0
    else:
        # Beyond the last page there is no row that would say it.
        all_of_them: Any = sa.select(sa.func.count()).select_from(_found(event, wanted).subquery())
        count = (await db.exec(all_of_them)).one()[0]
    return Page([RosterLine(*row[:-1]) for row in rows], count, page_request.page, page_request.limit)


async def chosen(db: AsyncSession, event: Event, wanted: RosterFilter) -> list[UUID]:
    """The invitations of everybody who passes the filter."""
    rows = _found(event, wanted).order_by(*_order(wanted)).limit(at_most(MOST_CHOSEN))
    return list((await db.exec(rows)).scalars().all())


def _found(event: Event, wanted: RosterFilter) -> Any:
    """Whom the filter leaves; tables that neither it nor the order asks of are not read."""
    rows: Any = sa.select(col(Invitation.id)).join(Person, col(Person.id) == Invitation.person_id)
    if wanted.sort.removeprefix("-") == "institution":
        rows = rows.join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
    if wanted.mark:
        rows = rows.join(Registration, is_active_of(Invitation.id), isouter=True)
    return rows.where(*_conditions(event, wanted))


def _filtered(event: Event, wanted: RosterFilter, columns: Collection[Column] = ()) -> Any:
    """Lines of all whom the filter leaves, in order."""
    return _lines(event, columns).where(*_conditions(event, wanted)).order_by(*_order(wanted))


def _lines(event: Event, columns: Collection[Column]) -> Any:
    """Lines of the list; what takes long to find, or to decrypt, only for these columns."""
    mail, signed = _mail_to(event), _signed()
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


def _order(wanted: RosterFilter) -> list[Any]:
    """Who has nothing of what is sorted by stands last, whichever way; who is alike stands by name."""
    # Not by the index of names: among all people of a project it would be walked for the few of one event.
    name = sa.func.coalesce(Person.sort_key, "")
    columns: dict[str, Any] = {
        "name": name,
        "surname": sa.func.nullif(Person.surname_key, ""),
        "institution": Institution.sort_key,
        "province": sa.func.nullif(Person.province, ""),
        "answer": Invitation.status,
        "answered-at": Invitation.answered_at,
    }
    return in_order(wanted.sort, columns, name, col(Invitation.id))


def _conditions(event: Event, wanted: RosterFilter) -> list[sa.ColumnElement[bool]]:
    found = [col(Invitation.event_id) == event.id]
    if wanted.q:
        found.append(matches(col(Person.search), wanted.q))
    if wanted.status:
        found.append(col(Invitation.status) == wanted.status)
    if wanted.category:
        found.append(col(Invitation.category) == wanted.category)
    if wanted.mark:
        found.append(_marked(wanted.mark, _mail_to(event), _signed()))
    return found


def _mail_to(event: Event) -> Any:
    """What became of the last invitation mail."""
    return (
        select(Message.state)
        .where(Message.about_id == event.id, col(Message.person_id) == Invitation.person_id, Message.kind == INVITATION)
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
    is_asked: sa.ColumnElement[bool] = col(Invitation.invited_at).is_not(None)
    if has_drafts:
        is_asked = sa.and_(is_asked, ~is_unreleased())
    reached = sa.exists().where(
        col(Message.about_id) == event.id,
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
    ).where(col(Invitation.event_id) == event.id)
    found = (await db.exec(counted.group_by(col(Invitation.status)))).all()
    counts = {InvitationStatus(status): count for status, count, *_ in found}
    return counts, [(name, sum(row[place] for row in found)) for place, name in enumerate(FUNNEL, start=2)]


def cells(lines: Sequence[RosterLine], columns: Sequence[Column], say: Words) -> list[list[object]]:
    """What these columns say of people, in the reader's language; for screens and for files."""
    by_column = _writers(say)
    writers = [by_column[column] for column in columns]
    return [[write(line) for write in writers] for line in lines]


def _writers(say: Words) -> dict[Column, Callable[[RosterLine], object]]:
    """What each column says of a person; its words are looked up once for all of them."""

    def named(names: Mapping[Any, str]) -> dict[Any, str]:
        return {key: say.translate(name) for key, name in names.items()}

    places, is_english = provinces(), say.language == "en"
    categories, answers = named(CATEGORIES), named(INVITATION_STATUSES)
    origins, states = named(ORIGINS), named(STATE_NAMES)
    complete = named({True: N_("Complete"), False: N_("Missing")}) | {None: ""}
    return {
        Column.position: lambda line: line.title_in(say.language),
        Column.institution: lambda line: (line.institution_en if is_english else "") or line.institution or "",
        Column.province: lambda line: places.get(line.province, line.province),
        Column.address: lambda line: line.address or "",
        Column.category: lambda line: categories[line.category],
        Column.answer: lambda line: answers[line.status],
        Column.answered_at: lambda line: line.answered_at.date() if line.answered_at else "",
        Column.origin: lambda line: origins[line.origin],
        Column.mail: lambda line: states[State(line.mail)] if line.mail else "",
        Column.opened: lambda line: line.opened_at.date() if line.opened_at else "",
        Column.details: lambda line: complete[line.is_complete],
        Column.guests: lambda line: "" if line.guests is None else line.guests,
        Column.signed: lambda line: line.signed or 0,
        Column.reason: lambda line: line.reason or "",
    }


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


async def export_roster(
    db: AsyncSession,
    event: Event,
    wanted: RosterFilter,
    columns: Sequence[Column],
    caller: Caller,
    language: str,
    *,
    with_answers: bool,
    at: datetime,
) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings. With answers, one column for each question.

    Who took it out, and how long it was, is noted.
    """
    say = words(language)
    if not caller.may(Right.plan, event.project_id):
        # What people told is opened one by one, with a reason.
        columns, with_answers = [one for one in columns if one is not Column.reason], False
    found = await db.exec(_filtered(event, wanted, columns).limit(at_most(MOST_CHOSEN)))
    lines = [RosterLine(*row) for row in found]
    questions = await list_questions(db, event.id) if with_answers else []
    answers = await answers_of(db, [line.invitation_id for line in lines]) if questions else {}
    heads: list[object] = [say.translate("Name"), *(say.translate(COLUMNS[c]) for c in columns)]
    heads += [question.label_in(language) for question in questions]
    audit.record(
        db,
        "people.exported",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=len(lines),
        with_answers=with_answers,
    )
    rows = [
        [line.name, *shown_of, *_said(questions, answers.get(line.invitation_id, {}), line.category, language)]
        for line, shown_of in zip(lines, cells(lines, columns, say), strict=True)
    ]
    return [heads, *rows]


def _said(questions: Sequence[Question], answers: dict[UUID, Any], category: Category, language: str) -> list[str]:
    if not questions:
        return []
    visible = {asking.id for asking in shown([q.asking for q in questions], answers, category)}
    return [q.say(answers.get(q.id), language) if q.id in visible else "" for q in questions]


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
