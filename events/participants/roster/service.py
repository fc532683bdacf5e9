"""Finding people on an event's list, and taking the list out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import matches
from core.i18n import Words, words
from core.paging import Page, Paging, paged
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.geography import provinces
from directory.people.models import Institution, Person, name_of_institution
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
from events.invitations.invitations.service import is_unreleased
from events.invitations.questionnaires.models import Question
from events.invitations.questionnaires.rules import shown
from events.invitations.questionnaires.service import answers_of, list_questions
from events.invitations.registrations.models import Registration, is_active_of, lacks_data
from events.invitations.registrations.rules import RegistrationStatus
from events.participants.bulk.rules import MOST_CHOSEN
from events.participants.roster.models import RosterColumns
from events.participants.roster.rules import COLUMNS, FUNNEL, USUAL, Column, Mark
from events.participants.roster.schemas import RosterFilter
from events.programme.events.models import Event
from notifications.outbox.models import Message
from notifications.outbox.rules import STATE_NAMES, State

BACK = (State.failed, State.expired)


@dataclass(frozen=True)
class RosterLine:
    """One person on the list, with all that its columns show."""

    invitation: Invitation
    person: Person
    institution: Institution | None
    registration: Registration | None
    mail: State | None
    signed: int

    @property
    def is_complete(self) -> bool | None:
        """Whether all data are there; nothing where nobody said yes."""
        if self.registration is None or self.registration.status is RegistrationStatus.pending:
            return None
        return self.registration.told_at is not None and self.registration.missing == 0


async def list_roster(db: AsyncSession, event: Event, wanted: RosterFilter, page_request: Paging) -> Page[RosterLine]:
    """People named for the event who pass the filter, by name: two queries whatever the columns."""
    page = await paged(db, _filtered(event, wanted), page_request)
    return Page([_line(row) for row in page.rows], page.total, page.page, page.limit)


async def chosen(db: AsyncSession, event: Event, wanted: RosterFilter) -> list[UUID]:
    """The invitations of everybody who passes the filter."""
    rows = _filtered(event, wanted).with_only_columns(col(Invitation.id), maintain_column_froms=True)
    return list((await db.exec(rows.limit(MOST_CHOSEN))).scalars().all())


def _line(row: Any) -> RosterLine:
    invitation, person, institution, registration, mail, signed = row
    return RosterLine(invitation, person, institution, registration, State(mail) if mail else None, signed)


def _filtered(event: Event, wanted: RosterFilter) -> Any:
    mail = (
        select(Message.state)
        .where(Message.about_id == event.id, col(Message.person_id) == Invitation.person_id, Message.kind == INVITATION)
        .order_by(col(Message.id).desc())
        .limit(1)
        .correlate(Invitation)
        .scalar_subquery()
    )
    signed = (
        select(sa.func.count())
        .select_from(Attendance)
        .where(col(Attendance.registration_id) == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )
    rows: Any = (
        sa.select(Invitation, Person, Institution, Registration, mail, signed)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .join(
            Registration,
            is_active_of(Invitation.id),
            isouter=True,
        )
        .where(col(Invitation.event_id) == event.id, matches(col(Person.search), wanted.q))
    )
    if wanted.status:
        rows = rows.where(col(Invitation.status) == wanted.status)
    if wanted.category:
        rows = rows.where(col(Invitation.category) == wanted.category)
    if wanted.mark:
        rows = rows.where(_marked(wanted.mark, mail, signed))
    return rows.order_by(col(Person.sort_key), col(Invitation.id))


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


async def funnel(db: AsyncSession, event: Event) -> list[tuple[str, int]]:
    """How far people of an event are, each step within the one before: asked, reached, opened, answered, coming."""
    is_asked = sa.and_(col(Invitation.invited_at).is_not(None), ~is_unreleased())
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
        sa.and_(is_asked, sa.or_(reached, opened, answered)),
        sa.and_(is_asked, sa.or_(opened, answered)),
        sa.and_(is_asked, answered),
        sa.and_(is_asked, coming),
    )
    counted: Any = sa.select(*(sa.func.count().filter(step) for step in steps)).where(
        col(Invitation.event_id) == event.id
    )
    row = (await db.exec(counted)).one()
    return list(zip(FUNNEL, row, strict=True))


def cell(line: RosterLine, column: Column, say: Words) -> object:
    """What one column says of a person, in the reader's language; for screens and for files."""
    invitation, person = line.invitation, line.person
    complete = {True: say.translate("Complete"), False: say.translate("Missing"), None: ""}[line.is_complete]
    values: dict[Column, object] = {
        Column.position: person.title,
        Column.institution: name_of_institution(line.institution, say.language),
        Column.province: provinces().get(person.province, person.province),
        Column.address: person.address or "",
        Column.category: say.translate(CATEGORIES[invitation.category]),
        Column.answer: say.translate(INVITATION_STATUSES[invitation.status]),
        Column.answered_at: invitation.answered_at.date() if invitation.answered_at else "",
        Column.origin: say.translate(ORIGINS[invitation.origin]),
        Column.mail: say.translate(STATE_NAMES[line.mail]) if line.mail else "",
        Column.opened: invitation.opened_at.date() if invitation.opened_at else "",
        Column.details: complete,
        Column.guests: line.registration.guests if line.registration else "",
        Column.signed: line.signed,
        Column.reason: invitation.reason,
    }
    return values[column]


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
    found = (await db.exec(_filtered(event, wanted).limit(MOST_CHOSEN))).all()
    lines = [_line(row) for row in found]
    questions = await list_questions(db, event.id) if with_answers else []
    answers = await answers_of(db, [line.invitation.id for line in lines]) if questions else {}
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
    return [
        heads,
        *(
            [
                line.person.name,
                *(cell(line, column, say) for column in columns),
                *_said(questions, answers.get(line.invitation.id, {}), line.invitation.category, language),
            ]
            for line in lines
        ),
    ]


def _said(questions: Sequence[Question], answers: dict[UUID, Any], category: Category, language: str) -> list[str]:
    visible = {asking.id for asking in shown([q.asking for q in questions], answers, category)}
    return [q.say(answers.get(q.id), language) if q.id in visible else "" for q in questions]
