"""The participant's own page: one column, big targets, no account."""

import asyncio

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import DatabaseHandle, ReadDb
from core.pages import render
from core.settings import Installed
from core.web import language_of
from events.attendance.badge_codes.service import badge_svg, find_code, give_codes
from events.invitations.invitations.access import Participant
from events.invitations.invitations.service import note_opened
from events.invitations.registrations.service import must_have_place
from events.portal.page.views import PAGE, my_page
from events.programme.agenda.documents import programme_pdf
from events.programme.agenda.pages import programme_response
from events.programme.agenda.service import programme_for
from events.programme.events.models import Event
from events.programme.events.service import lock_event

router = APIRouter(include_in_schema=False)


@router.get("/i/{token}")
async def mine(
    request: Request, token: str, participant: Participant, db: ReadDb, at: Moment, database: DatabaseHandle
) -> Response:
    if participant.is_new:
        async with database.unit_of_work() as work:
            await note_opened(work, participant.invitation_id, at=at)
    return render(request, PAGE, **await my_page(db, participant=participant, at=at))


@router.get("/i/{token}/badge.svg")
async def badge(token: str, participant: Participant, database: DatabaseHandle) -> Response:
    """The code that a check-in desk reads from the telephone, for whoever has a place."""
    # Looking is over before writing begins: who waits for a second connection while holding one waits for everybody.
    async with database.reading() as db:
        await must_have_place(db, participant.invitation_id)
        code = await find_code(db, participant.invitation_id)
    if code is None:
        async with database.unit_of_work() as work:
            await lock_event(work, participant.event_id)
            await give_codes(work, participant.event_id)
            code = await find_code(work, participant.invitation_id)
    return Response(badge_svg(code or ""), media_type="image/svg+xml")


@router.get("/i/{token}/programme.pdf")
async def my_programme(
    request: Request, token: str, participant: Participant, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    found = await db.get_one(Event, participant.event_id)
    files = settings.files
    shown = await programme_for(db, found, language_of(request), at=at, files=files)
    return programme_response(found, await asyncio.to_thread(programme_pdf, shown))
