"""What the participant’s calendar shows, as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from icalendar import Calendar

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from events.calendars.personal_feeds import service as calendars
from events.calendars.personal_feeds.documents import TYPE as JSCALENDAR
from events.calendars.personal_feeds.models import Feed
from events.calendars.personal_feeds.schemas import FeedWish, SubscriptionMade, SubscriptionOut
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


@router.get("/invitation/calendars", response_model=list[SubscriptionOut])
async def subscriptions(participant: ConfirmedParticipant, db: ReadDb) -> list[Feed]:
    """Your subscriptions, the latest first. Their addresses are shown once, when they are made."""
    return await calendars.list_subscriptions(db, participant.person_id)


@router.post("/invitation/calendars", status_code=201)
async def subscribe(
    given: FeedWish, participant: ConfirmedParticipant, db: Db, at: Moment, settings: Installed
) -> SubscriptionMade:
    """Subscribe to your calendar. The address is shown here and never again."""
    return SubscriptionMade(address=await calendars.subscribe(db, participant.person_id, given, settings, at=at))


@router.post("/invitation/calendars/{feed_id}/renewal", status_code=201)
async def renew(
    feed_id: UUID, participant: ConfirmedParticipant, db: Db, at: Moment, settings: Installed
) -> SubscriptionMade:
    """The same subscription under a new address; the old one ends."""
    return SubscriptionMade(address=await calendars.renew(db, participant.person_id, feed_id, settings, at=at))


@router.delete("/invitation/calendars/{feed_id}", status_code=204)
async def unsubscribe(feed_id: UUID, participant: ConfirmedParticipant, db: Db, at: Moment) -> Response:
    """End a subscription."""
    await calendars.end_subscriptions(db, participant.person_id, at=at, feed_id=feed_id)
    return Response(status_code=204)
