"""Saying that one is there, as JSON."""

from fastapi import APIRouter, Request

from core.clock import Moment
from core.db import Db
from core.limits import limits_of
from core.settings import Installed
from core.web import StrictRoute
from events.attendance.own_codes import service
from events.attendance.own_codes.schemas import OwnAttendance, OwnCodeIn
from events.invitations.invitations.access import Participant

router = APIRouter(prefix="/api/v1/invitation", tags=["answers"], route_class=StrictRoute)


@router.post("/attendance", response_model=OwnAttendance)
async def tell(
    request: Request, given: OwnCodeIn, participant: Participant, db: Db, at: Moment, settings: Installed
) -> OwnAttendance:
    """Say by the code on the shared screen that you are there in this half-day."""
    await limits_of(request).must_allow(service.TRIES, "own-code", str(participant.person_id))
    day, half = await service.tell(db, participant.invitation_id, given.code, settings, at=at)
    return OwnAttendance(day=day, half=half)
