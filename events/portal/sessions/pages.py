"""The buttons beside sessions that can be chosen."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Typed, form_again, see_other
from core.settings import Installed
from core.web import language_of
from events.invitations.invitations.access import Guest, Participant
from events.invitations.session_signups import service
from events.invitations.session_signups.rules import SignupState
from events.portal.page.views import PAGE, my_page
from events.programme.events.models import Session

router = APIRouter(include_in_schema=False)
TAKES_PART = N_("You take part in “%(session)s”.")
WAITS = N_("“%(session)s” is full: you are number %(number)s on its waiting list.")
LEFT = {
    SignupState.taken: N_("You take part in “%(session)s” no longer."),
    SignupState.kept: N_("The place in “%(session)s” is left to others."),
    SignupState.waiting: N_("You wait for “%(session)s” no longer."),
}


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
    with form_again(PAGE, partial(_page, session_id=session_id, participant=participant, at=at), typed):
        if typed.get("is_chosen") == "no":
            said = LEFT[await service.give_back(db, participant.invitation_id, session_id, settings, at=at)]
            place = None
        else:
            place = await _chosen(db, participant.invitation_id, session_id, at=at)
            said = WAITS if place else TAKES_PART
        title = (await db.get_one(Session, session_id)).title_in(language_of(request))
    return see_other(request, f"/i/{token}#s-{session_id}", said, session=title, number=place)


async def _page(db: AsyncSession, *, session_id: UUID, participant: Guest, at: datetime) -> Mapping[str, object]:
    """The page again; what was refused is said beside the button as well."""
    return {**await my_page(db, participant=participant, at=at), "refused_session": session_id}


async def _chosen(db: AsyncSession, invitation_id: UUID, session_id: UUID, *, at: datetime) -> int | None:
    """The number on the waiting list, or None with a place."""
    context = await service.choose(db, invitation_id, session_id, at=at)
    waiting = (await service.waiting_for(db, [session_id])).get(session_id, [])
    own = context.registration.id if context.registration else None
    return waiting.index(own) + 1 if own in waiting else None
