"""What the participant’s calendar shows, as JSON."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from icalendar import Calendar

from core.db import ReadDb
from core.settings import Installed
from core.web import StrictRoute
from events.calendars.personal_feeds import service as calendars
from events.calendars.personal_feeds.documents import TYPE as JSCALENDAR
from events.invitations.invitations.access import ConfirmedParticipant

router = APIRouter(prefix="/api/v1", tags=["registrations"], route_class=StrictRoute)


JCAL: dict[int | str, dict[str, Any]] = {200: {"content": {"application/calendar+json": {}}}}


JSCAL: dict[int | str, dict[str, Any]] = {200: {"content": {JSCALENDAR: {}}}}


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
