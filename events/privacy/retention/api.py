"""What is kept how long, and holds, as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.privacy.retention import service
from events.privacy.retention.schemas import HoldIn, RetentionOut
from events.privacy.retention.service import Kept

router = APIRouter(prefix="/api/v1", tags=["retention"], route_class=StrictRoute)


@router.get("/projects/{project_id}/retention", response_model=list[RetentionOut])
async def show(project_id: UUID, caller: ProjectReader, db: ReadDb) -> list[Kept]:
    """What people told is forgotten on which day, event by event; first the project's evidence."""
    return await service.list_kept(db, project_id, caller)


@router.post("/holds/{about_id}", status_code=204)
async def hold(about_id: UUID, given: HoldIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """Let nothing of an event, or of a whole project, be forgotten or erased."""
    await service.hold(db, about_id, given.reason, caller, at=at)
    return Response(status_code=204)


@router.delete("/holds/{about_id}", status_code=204)
async def release(about_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Let it be forgotten when it is due."""
    await service.release(db, about_id, caller, at=at)
    return Response(status_code=204)
