"""The field for the code of an online event."""

from functools import partial

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.limits import limits_of
from core.pages import Typed, form_again, see_other
from core.settings import Installed
from core.web import checked
from events.attendance.own_codes import service
from events.attendance.own_codes.schemas import OwnCodeIn
from events.invitations.invitations.access import Participant
from events.portal.page.views import PAGE, my_page

router = APIRouter(include_in_schema=False)


@router.post("/i/{token}/attendance")
async def tell(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        await limits_of(request).must_allow(service.TRIES, "own-code", str(participant.person_id))
        given: OwnCodeIn = checked(OwnCodeIn, typed)
        await service.tell(db, participant.invitation_id, given.code, settings, at=at)
    return see_other(request, f"/i/{token}", N_("Thank you. You are recorded as present for this half-day."))
