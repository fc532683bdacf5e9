"""Shared calendars as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from directory.projects.service import get_project
from events.calendars.shared_feeds import service
from events.calendars.shared_feeds.models import SharedFeed
from events.calendars.shared_feeds.schemas import SharedFeedIn, SharedFeedMade, SharedFeedOut
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["calendars"], route_class=StrictRoute)


@router.get("/events/{event_id}/feeds", response_model=list[SharedFeedOut])
async def of_event(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[SharedFeed]:
    """Calendars of the event, its rooms, its speakers and interpreters, with who fetched them last."""
    await get_event(db, event_id, caller)
    return await service.list_shared(db, event_id=event_id)


@router.post("/events/{event_id}/feeds", status_code=201, response_model=SharedFeedMade)
async def share_event(
    event_id: UUID, given: SharedFeedIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> SharedFeedMade:
    """A new secret address; it is told this once."""
    return SharedFeedMade.of(*await service.share_event(db, event_id, given, caller, settings, at=at))


@router.get("/projects/{project_id}/feeds", response_model=list[SharedFeedOut])
async def of_project(project_id: UUID, caller: ProjectReader, db: ReadDb) -> list[SharedFeed]:
    """Calendars of the project and its components."""
    await get_project(db, project_id, caller)
    return await service.list_shared(db, project_id=project_id)


@router.post("/projects/{project_id}/feeds", status_code=201, response_model=SharedFeedMade)
async def share_project(
    project_id: UUID, given: SharedFeedIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> SharedFeedMade:
    """A new secret address; it is told this once."""
    return SharedFeedMade.of(*await service.share_project(db, project_id, given, caller, settings, at=at))


@router.post("/feeds/{feed_id}/renewal", status_code=201, response_model=SharedFeedMade)
async def renew(feed_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> SharedFeedMade:
    """The same calendar under a new address, told this once; the old one ends."""
    return SharedFeedMade.of(*await service.renew(db, feed_id, caller, settings, at=at))


@router.delete("/feeds/{feed_id}", status_code=204)
async def end(feed_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """End a subscription; clients that ask again are told so."""
    await service.end(db, feed_id, caller, at=at)
    return Response(status_code=204)
