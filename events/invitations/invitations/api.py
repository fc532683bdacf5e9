"""Inviting everybody who is named, and sending what was written, as a program."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, Releaser
from events.invitations.invitations.schemas import Released
from events.invitations.invitations.service import invite
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut
from notifications.releases.service import send_all

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["invitations"], route_class=StrictRoute)


@router.post("/invitations", status_code=202, response_model=JobOut)
async def invite_everybody(event_id: UUID, caller: Organiser, db: Db, at: Moment) -> Job:
    """Write an invitation to everybody named but for reserves, as drafts. The job tells how far that is."""
    return await invite(db, event_id, caller, at=at)


@router.post("/messages/release", response_model=Released)
async def release_messages(event_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed) -> Released:
    """Send all that waits about the event. 409 where a batch is no longer right."""
    event = await get_event(db, event_id, caller)
    return Released(released=await send_all(db, event.id, event.project_id, caller, settings, at=at))
