"""The numbers of a project for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from directory.projects.service import get_project
from visits.project_settings import service
from visits.project_settings.rules import values_of
from visits.project_settings.schemas import TravelSettingsIn, TravelSettingsOut

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/projects/{project_id}/travel-settings", response_model=TravelSettingsOut)
async def settings(project_id: UUID, caller: Reader, db: ReadDb) -> dict[str, Any]:
    """What journeys of this project are checked by: connections, lead times, days. Minutes, unless said otherwise."""
    await get_project(db, project_id, caller)
    return values_of(await service.settings_of(db, project_id))


@router.put("/projects/{project_id}/travel-settings", response_model=TravelSettingsOut)
async def change(
    project_id: UUID,
    given: TravelSettingsIn,
    caller: Organiser,
    db: Db,
    at: Moment,
) -> dict[str, Any]:
    """Set numbers of your own; what is left out is the usual one again."""
    return values_of(await service.change_settings(db, project_id, given, caller, at=at))
