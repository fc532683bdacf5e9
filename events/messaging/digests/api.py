"""What is new, as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.messaging.digests import service
from events.messaging.digests.rules import News
from events.messaging.digests.schemas import NewsOut, WishIn, WishOut

router = APIRouter(prefix="/api/v1/projects/{project_id}", tags=["projects"], route_class=StrictRoute)


@router.get("/news", response_model=NewsOut)
async def news(project_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment) -> News:
    """What happened in the last day, event by event, in numbers."""
    _, found = await service.news_now(db, project_id, caller, at=at)
    return found


@router.put("/digest")
async def wish(project_id: UUID, given: WishIn, caller: Organiser, db: Db) -> WishOut:
    """Whether you get it by mail every day at five."""
    await service.wish(db, project_id, caller, wanted=given.wanted)
    return WishOut(wanted=given.wanted)
