"""What those who plan events can do now: two queries, however many events."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.tasks.rules import MOST_SHOWN, Task
from events.attendance.records.models import Attendance
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.invitations.service import is_unreleased
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.substitutions.models import SubstitutionProposal
from events.invitations.substitutions.rules import ProposalState
from events.invitations.substitutions.service import REPLACEABLE
from events.messaging.event_tasks.rules import LOOKED_BACK, NEAR, SOON, WORDINGS, EventTask
from events.nominations.requests.models import NominationRequest, Nominee
from events.nominations.requests.rules import NomineeState
from events.programme.events.models import Event
from events.programme.events.rules import CLOSED, COMING, UNLIMITED, EventState
from notifications.inbound.models import InboundMail
from notifications.outbox.models import Message
from notifications.outbox.rules import State


async def event_tasks(db: AsyncSession, caller: Caller, today: date) -> list[Task]:
    """Of all events in which the caller may do something: what waits there; each kind once an event."""
    plans, sends, reads, desks = (
        caller.reaching(right).projects for right in (Right.plan, Right.release, Right.read, Right.desk)
    )
    counted = [
        *_mails(sends, plans, reads & plans),
        *_decisions(plans),
        *_answers(plans, today),
        *_days(plans, desks, today),
    ]
    order = list(EventTask)
    union = sa.union_all(*counted).subquery()
    rows = (await db.exec(sa.select(union).limit(MOST_SHOWN * 10))).all()  # type: ignore[call-overload]
    ids = {row.event_id for row in rows if row.event_id}
    found = await db.exec(select(Event).where(col(Event.id).in_(ids))) if ids else ()
    events = {event.id: event for event in found}
    return [
        _task(EventTask(row.kind), row.number, row.project_id, events.get(row.event_id), caller.language, today)
        for row in sorted(rows, key=lambda row: order.index(EventTask(row.kind)))
    ]


def _task(kind: EventTask, count: int, project_id: UUID, event: Event | None, language: str, today: date) -> Task:
    words = WORDINGS[kind]
    is_apart = words.path.startswith("/")
    if event is None:
        href = words.path if is_apart else "/mail/waiting"
        return Task(kind, words.sentence, count, words.step, href, project_id)
    joined = "&" if "?" in words.path else "?"
    href = f"{words.path}{joined}about={event.id}" if is_apart else f"/events/{event.id}/{words.path}".rstrip("/")
    title, due = event.title_in(language), words.due(event, today)
    return Task(kind, words.sentence, count, words.step, href, project_id, event.id, title, due)


def _of(kind: EventTask, event_id: Any, project_id: Any, number: Any = None) -> Any:
    count = sa.func.count() if number is None else number
    return sa.select(
        sa.literal(str(kind)).label("kind"),
        sa.type_coerce(event_id, sa.Uuid()).label("event_id"),
        sa.type_coerce(project_id, sa.Uuid()).label("project_id"),
        count.label("number"),
    )


def _mails(sends: Iterable[UUID], plans: Iterable[UUID], reads: Iterable[UUID]) -> list[Any]:
    of_message = (col(Message.about_id), col(Message.project_id))
    return [
        *(
            _of(kind, *of_message)
            .where(col(Message.project_id).in_(projects), col(Message.state) == state)
            .group_by(*of_message)
            for kind, state, projects in (
                (EventTask.mails_to_send, State.draft, sends),
                (EventTask.mails_failed, State.failed, plans),
            )
        ),
        _of(EventTask.inbox, sa.null(), col(InboundMail.project_id))
        .where(col(InboundMail.project_id).in_(reads), col(InboundMail.is_open))
        .group_by(col(InboundMail.project_id)),
    ]


def _decisions(plans: Iterable[UUID]) -> list[Any]:
    is_on = sa.and_(col(Event.project_id).in_(plans), col(Event.state).not_in(CLOSED))
    return [
        _of(EventTask.nominees, col(Event.id), col(Event.project_id))
        .join(NominationRequest, col(NominationRequest.event_id) == Event.id)
        .join(Nominee, col(Nominee.call_id) == NominationRequest.id)
        .where(is_on, col(NominationRequest.withdrawn_at).is_(None), col(Nominee.state) == NomineeState.named)
        .group_by(col(Event.id), col(Event.project_id)),
        _of(EventTask.substitutes, col(Event.id), col(Event.project_id))
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .join(SubstitutionProposal, col(SubstitutionProposal.invitation_id) == Invitation.id)
        .where(
            is_on,
            col(Invitation.status).in_(REPLACEABLE),
            col(SubstitutionProposal.state) == ProposalState.proposed,
        )
        .group_by(col(Event.id), col(Event.project_id)),
    ]


def _answers(plans: Iterable[UUID], today: date) -> list[Any]:
    of_event = (col(Event.id), col(Event.project_id))
    comes = sa.and_(col(Event.project_id).in_(plans), col(Event.state).in_(COMING), col(Event.first_day) >= today)
    return [
        _of(EventTask.unanswered, *of_event)
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(
            comes,
            col(Event.answer_by) < today,
            col(Invitation.status) == InvitationStatus.invited,
            ~is_unreleased(),
        )
        .group_by(*of_event),
        _of(EventTask.not_invited, *of_event)
        .join(Invitation, col(Invitation.event_id) == Event.id)
        .where(comes, col(Event.first_day) <= today + NEAR, col(Invitation.status) == InvitationStatus.nominated)
        .group_by(*of_event),
    ]


def _days(plans: Iterable[UUID], desks: Iterable[UUID], today: date) -> list[Any]:
    of_event = (col(Event.id), col(Event.project_id))
    mine = col(Event.project_id).in_(plans)
    comes = col(Event.first_day).between(today, today + NEAR)
    is_over = col(Event.last_day).between(today - LOOKED_BACK, date.fromordinal(today.toordinal() - 1))
    is_set = col(Event.state).in_((EventState.published, EventState.confirmed))
    one = sa.literal(1)
    return [
        _of(EventTask.check_in, *of_event, one).where(
            col(Event.project_id).in_(desks), is_set, col(Event.first_day) <= today, col(Event.last_day) >= today
        ),
        _of(EventTask.draft, *of_event, one).where(mine, comes, col(Event.state) == EventState.draft),
        _of(EventTask.few_places, *of_event, col(Event.taken)).where(
            mine,
            is_set,
            col(Event.first_day).between(today, today + SOON),
            col(Event.capacity) < UNLIMITED,
            col(Event.taken) * 2 < col(Event.capacity),
        ),
        _of(EventTask.over, *of_event, one).where(mine, is_over, is_set),
        _of(EventTask.attendance, *of_event)
        .join(Registration, col(Registration.event_id) == Event.id)
        .where(
            mine,
            is_over,
            col(Event.state) != EventState.cancelled,
            col(Registration.status) == RegistrationStatus.confirmed,
            ~sa.exists().where(col(Attendance.event_id) == Event.id),
        )
        .group_by(*of_event),
    ]
