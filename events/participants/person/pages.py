"""One person on the list from all sides: what can be done, what they said, their mails, who did what."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from directory.accounts.access import Desk, Organiser, Reader
from events.invitations.invitations import service as invitations
from events.invitations.questionnaires import service as questions
from events.invitations.questionnaires.schemas import answers_in
from events.participants.person.views import PERSON, person_view
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/people/{invitation_id}", include_in_schema=False)


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
    only = bool(typed.get("is_only_one"))
    address = await invitations.link_by_hand(db, invitation_id, caller, settings, at=at, is_only_one=only)
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
