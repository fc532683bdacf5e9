"""What to look at before people are invited, for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import ReadDb
from core.i18n import words
from core.web import StrictRoute
from directory.accounts.access import ProjectReader
from events.invitations.batch_checks.schemas import PreflightOut
from events.invitations.batch_checks.service import preflight
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["invitations"], route_class=StrictRoute)


@router.get("/invitations/preflight")
async def look(event_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment) -> list[PreflightOut]:
    """What an organiser would want to have seen before those on the list are invited: capacity, programme and its
    hours, place, deadline, addresses, language. Nothing in it keeps anybody from inviting; empty where nobody is to
    be invited."""
    event, say = await get_event(db, event_id, caller), words(caller.language)
    found = await preflight(db, event, at=at)
    return [PreflightOut(code=one.code, text=say.translate(one.message, **one.facts)) for one in found]
