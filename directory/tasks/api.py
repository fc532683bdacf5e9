"""Tasks for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import ReadDb
from core.web import StrictRoute
from directory.accounts.access import SignedIn
from directory.tasks import service
from directory.tasks.schemas import WaitingTaskOut

router = APIRouter(prefix="/api/v1", tags=["tasks"], route_class=StrictRoute)


@router.get("/tasks", response_model=list[WaitingTaskOut])
async def tasks(caller: SignedIn, db: ReadDb, at: Moment, project_id: UUID | None = None) -> list[WaitingTaskOut]:
    """What waits for you, what is due first before; up to 100. The same list as Home's."""
    found = await (
        service.tasks_of_project(db, caller, project_id, at=at) if project_id else service.tasks_of(db, caller, at=at)
    )
    return [WaitingTaskOut.of(one, caller.language) for one in found]
