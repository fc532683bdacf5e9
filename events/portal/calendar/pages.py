"""Subscribing to one’s calendar from the participant’s own page."""

from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked, checked_fields
from events.calendars.personal_feeds import service as calendars
from events.calendars.personal_feeds.pages import address_shown
from events.calendars.personal_feeds.schemas import FeedWish
from events.invitations.invitations.access import ConfirmedParticipant, Guest
from events.portal.page.views import PAGE, my_page

router = APIRouter(include_in_schema=False)


@router.get("/i/{token}/calendar")
async def calendar(token: str, participant: ConfirmedParticipant) -> Response:
    """Where a code leads that was asked for to subscribe."""
    return RedirectResponse(f"/i/{token}#calendar", 303)


@router.post("/i/{token}/calendar")
async def subscribe(
    request: Request,
    token: str,
    participant: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """A new subscription; its address is shown here and never again."""
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        wish: FeedWish = checked_fields(typed, FeedWish)
        address = await calendars.subscribe(db, participant.person_id, wish, settings, at=at)
    return await _with_address(request, db, participant, address, at=at)


@router.post("/i/{token}/calendar/renew")
async def renew(
    request: Request,
    token: str,
    participant: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """The same subscription under a new address; the old one ends."""
    feed = checked(UUID, typed.get("feed", ""))
    address = await calendars.renew(db, participant.person_id, feed, settings, at=at)
    return await _with_address(request, db, participant, address, at=at)


async def _with_address(
    request: Request, db: AsyncSession, participant: Guest, address: str, *, at: datetime
) -> Response:
    view = dict(await my_page(db, participant=participant, at=at))
    view["feed"] = address_shown(address)
    return render(request, PAGE, **view)


@router.post("/i/{token}/calendar/end")
async def unsubscribe(
    request: Request, token: str, participant: ConfirmedParticipant, db: Db, at: Moment, typed: Typed
) -> Response:
    one = checked(UUID, typed["feed"]) if typed.get("feed") else None
    await calendars.end_subscriptions(db, participant.person_id, at=at, feed_id=one)
    return see_other(request, f"/i/{token}#calendar", N_("Calendars that were subscribed no longer get anything."))
