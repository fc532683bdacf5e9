"""What a participant sees and tells, as JSON."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from icalendar import Calendar

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from events.calendars import service as calendars
from events.calendars.jscalendar import TYPE as JSCALENDAR
from events.invitations.access import ConfirmedParticipant, Participant
from events.link_sessions.service import end_other_authors
from events.questions import service as questions
from events.registrations import service
from events.registrations.access import must_be_author
from events.registrations.schemas import Details, InvitationOut, shown

JCAL: dict[int | str, dict[str, Any]] = {200: {"content": {"application/calendar+json": {}}}}
JSCAL: dict[int | str, dict[str, Any]] = {200: {"content": {JSCALENDAR: {}}}}

router = APIRouter(prefix="/api/v1", tags=["registrations"], route_class=StrictRoute)


@router.get("/invitation", response_model=InvitationOut)
async def my_invitation(participant: Participant, db: ReadDb) -> dict[str, Any]:
    """Your own invitation. The bearer token is the last part of your personal link."""
    return shown(await service.look_at(db, participant.invitation_id))


@router.put("/invitation/details", response_model=InvitationOut)
async def tell(given: Details, participant: Participant, db: Db, at: Moment) -> dict[str, Any]:
    """Answer what every event needs to know of you. What this event asks beside is under `answers`.

    The first time the link is enough; changing what was told takes the token of `/invitation/confirmation`.
    """
    await must_be_author(db, participant)
    await end_other_authors(db, participant.invitation_id, participant.session_id)
    return shown(await questions.tell_all(db, participant.invitation_id, given, {}, at=at))


@router.get("/invitation/calendar.jscalendar", response_class=Response, responses=JSCAL)
async def my_jscalendar(participant: ConfirmedParticipant, db: ReadDb, settings: Installed) -> Response:
    """What your calendar shows, as JSCalendar (RFC 8984)."""
    shown = await calendars.shown_to(db, participant.person_id)
    group = await calendars.render_jscalendar(db, shown, settings)
    return JSONResponse(group, media_type=JSCALENDAR)


@router.get("/invitation/calendar.json", response_class=Response, responses=JCAL)
async def my_calendar(participant: ConfirmedParticipant, db: ReadDb, settings: Installed) -> Response:
    """What your calendar shows, as jCal (RFC 7265)."""
    shown = await calendars.shown_to(db, participant.person_id)
    content = await calendars.render(db, shown, settings)
    return Response(Calendar.from_ical(content).to_json(), media_type="application/calendar+json")
