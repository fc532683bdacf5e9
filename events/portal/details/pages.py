"""Telling what the event needs to know, from the participant’s own page."""

from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Typed, TypedWithFiles, beside, form_again, see_other
from core.settings import Installed
from core.web import checked
from events.invitations.invitations.access import Guest, Participant
from events.invitations.link_sessions.access import keep_author
from events.invitations.questionnaires import service as questions
from events.invitations.questionnaires.access import must_be_new
from events.invitations.questionnaires.schemas import answers_in
from events.invitations.registrations import service
from events.invitations.registrations.access import must_be_author
from events.invitations.registrations.schemas import Details
from events.portal.page.views import PAGE, my_page

router = APIRouter(include_in_schema=False)


@router.post("/i/{token}/details")
async def details(
    request: Request,
    token: str,
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        await must_be_author(db, participant)
        await must_be_new(db, participant)
        told = {name: value for name, value in typed.items() if not name.startswith("q-")}
        # A box that is not ticked does not come with a form: what is missing is the consent, not a word.
        given: Details = checked(Details, {"agrees_data_use": "", **told})
        context = await questions.tell_all(db, participant.invitation_id, given, answers_in(typed), at=at)
        for name, file in typed.items():
            if name.startswith("q-") and isinstance(file, UploadFile) and file.filename:
                id = checked(UUID, name.removeprefix("q-"))
                with beside(name):
                    await questions.keep_answer_file(
                        db, participant.invitation_id, id, file.filename, await file.read(), settings.files, at=at
                    )
        missing = context.registration.missing if context.registration else 0
    if missing:
        said = N_("Saved. Something is still missing; you can add it later.")
        answer = see_other(request, f"/i/{token}#details", said)
    else:
        answer = see_other(request, f"/i/{token}", N_("Thank you, we have everything we need."))
    return await _remembering(request, answer, db, participant, at=at)


@router.post("/i/{token}/draft")
async def draft(request: Request, token: str, participant: Participant, db: Db, at: Moment, typed: Typed) -> Response:
    """What was typed so far, sent by the page itself."""
    await must_be_author(db, participant)
    await must_be_new(db, participant)
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        await service.keep_draft(db, participant.invitation_id, typed)
    return await _remembering(request, Response(status_code=204), db, participant, at=at)


async def _remembering(
    request: Request, answer: Response, db: AsyncSession, participant: Guest, *, at: datetime
) -> Response:
    """Let the browser that told something for the first time go on seeing it, and no other."""
    await keep_author(
        request, answer, db, participant.link_id, participant.invitation_id, participant.session_id, at=at
    )
    return answer
