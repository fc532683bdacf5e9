"""The buttons beside sessions that can be chosen."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Typed, form_again, see_other
from core.settings import Installed
from events.invitations.invitations.access import Participant
from events.invitations.session_signups import service
from events.portal.page.views import PAGE, my_page

router = APIRouter(include_in_schema=False)


@router.post("/i/{token}/sessions/{session_id}")
async def choose(
    request: Request,
    token: str,
    session_id: UUID,
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        if typed.get("is_chosen") == "no":
            await service.give_back(db, participant.invitation_id, session_id, settings, at=at)
        else:
            await service.choose(db, participant.invitation_id, session_id, at=at)
    return see_other(request, f"/i/{token}#s-{session_id}", N_("Saved."))
