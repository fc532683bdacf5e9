"""What the page of one person on the roster shows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.i18n import country_codes, words
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from events.attendance.records.models import Attendance
from events.invitations.invitations import service as invitations
from events.invitations.invitations.rules import BY_ORGANISER, CATEGORIES, EDGES, INVITATION_STATUSES, ORIGINS
from events.invitations.questionnaires import service as questions
from events.invitations.questionnaires.rules import shown
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import read_context
from events.invitations.responses.schemas import HEARD_BY
from events.invitations.substitutions.service import find_proposal, left_behind
from events.programme.events.service import get_event
from notifications.outbox.models import Message
from notifications.outbox.rules import STATE_NAMES

PERSON = "events/person.html"


async def person_view(db: AsyncSession, *, event_id: UUID, invitation_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    invitation = await invitations.get_invitation(db, invitation_id, caller)
    if invitation.event_id != event.id:
        raise NotFound()
    context = await read_context(db, invitation_id)
    asked = await questions.list_questions(db, event_id)
    said = (await questions.answers_of(db, [invitation_id])).get(invitation_id, {})
    visible = {q.id for q in shown([q.asking for q in asked], said, invitation.category)}
    return {
        "event": event,
        "tab": "people",
        "invitation": invitation,
        "has_reapplied": invitation.reapplied_at is not None and invitation.status in BY_ORGANISER,
        "person": context.person,
        "registration": context.registration,
        "answers": said,
        "questions": [q for q in asked if q.id in visible],
        "possible": EDGES[invitation.status],
        "noted": questions.may_note(caller, event.project_id),
        "statuses": INVITATION_STATUSES,
        "heard_by": HEARD_BY,
        "categories": CATEGORIES,
        "origins": ORIGINS,
        "countries": country_codes(),
        "made_link": None,
        "disclosed": None,
        "proposal": await find_proposal(db, invitation_id),
        "left_behind": await _left_behind(db, context.registration, caller),
        "message_states": STATE_NAMES,
        "mails": await _mails(db, event.id, context.person.id),
        "signed": await _signed(db, context.registration),
        "history": await audit.history(db, context.person.id, within=caller.projects),
    }


async def _left_behind(db: AsyncSession, registration: Registration | None, caller: Caller) -> list[str]:
    """For those who plan: what a substitute would not take over."""
    if registration is None or not caller.may(Right.plan):
        return []
    return await left_behind(db, registration.id, words(caller.language))


async def _mails(db: AsyncSession, event_id: UUID, person_id: UUID) -> list[Message]:
    found = await db.exec(
        select(Message)
        .where(Message.about_id == event_id, Message.person_id == person_id)
        .order_by(col(Message.id).desc())
        .limit(50)
    )
    return list(found.all())


async def _signed(db: AsyncSession, registration: Any) -> list[Attendance]:
    if registration is None:
        return []
    found = await db.exec(
        select(Attendance)
        .where(Attendance.registration_id == registration.id)
        .order_by(col(Attendance.day), col(Attendance.half))
    )
    return list(found.all())
