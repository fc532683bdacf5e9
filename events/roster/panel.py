"""One person on the list from all sides: what can be done, what they said, their mails, who did what."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from directory.accounts.access import Caller, Desk, Organiser, Reader
from events.attendance.models import Attendance
from events.invitations import service as invitations
from events.invitations.rules import ANSWERS, CATEGORIES, EDGES, ORIGINS
from events.programme.service import get_event
from events.questions import service as questions
from events.questions.rules import shown
from events.questions.schemas import answers_in
from events.registrations.service import look_at
from notifications.outbox.models import Message
from notifications.outbox.rules import STATE_NAMES

router = APIRouter(prefix="/events/{event_id}/people/{invitation_id}", include_in_schema=False)
PERSON = "events/person.html"


@router.get("")
async def person(request: Request, event_id: UUID, invitation_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(
        request,
        PERSON,
        **await person_view(db, event_id=event_id, invitation_id=invitation_id, caller=caller),
    )


@router.post("/link")
async def link(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    address = await invitations.link_by_hand(db, invitation_id, caller, settings, at=at)
    await db.flush()
    view = await person_view(db, event_id=event_id, invitation_id=invitation_id, caller=caller)
    return render(request, PERSON, **{**view, "made_link": address})


@router.post("/answers")
async def note_answers(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Desk,
    reader: Reader,
    db: Db,
    at: Moment,
    typed: Typed,
) -> Response:
    """What staff notes about somebody. The page is shown again after a mistake, so it takes the right to read it."""
    view = partial(person_view, event_id=event_id, invitation_id=invitation_id, caller=reader)
    with form_again(PERSON, view, typed):
        event = await get_event(db, event_id, caller)
        asked_of = questions.may_note(caller, event.project_id)
        await questions.note_answers(db, invitation_id, answers_in(typed), asked_of, caller, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("Saved."))


async def person_view(db: AsyncSession, *, event_id: UUID, invitation_id: UUID, caller: Caller) -> Mapping[str, Any]:
    event = await get_event(db, event_id, caller)
    invitation = await invitations.get_invitation(db, invitation_id, caller)
    if invitation.event_id != event.id:
        raise NotFound()
    case = await look_at(db, invitation_id)
    asked = await questions.list_questions(db, event_id)
    said = (await questions.answers_of(db, [invitation_id])).get(invitation_id, {})
    visible = {q.id for q in shown([q.asking for q in asked], said, invitation.category)}
    return {
        "event": event,
        "tab": "people",
        "invitation": invitation,
        "person": case.person,
        "registration": case.registration,
        "answers": said,
        "questions": [q for q in asked if q.id in visible],
        "possible": EDGES[invitation.standing],
        "noted": questions.may_note(caller, event.project_id),
        "standings": ANSWERS,
        "categories": CATEGORIES,
        "origins": ORIGINS,
        "countries": country_codes(),
        "made_link": None,
        "message_states": STATE_NAMES,
        "mails": await _mails(db, event.id, case.person.id),
        "signed": await _signed(db, case.registration),
        "history": await audit.history(db, case.person.id, within=caller.projects),
    }


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
