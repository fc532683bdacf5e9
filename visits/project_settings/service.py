"""Reading and changing the numbers of a project."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from directory.accounts.access import Caller
from directory.projects.service import get_project
from visits.project_settings.models import ProjectTravelSettings
from visits.project_settings.rules import changed
from visits.project_settings.schemas import TravelSettingsIn
from visits.travel_settings import DEFAULTS, TravelSettings


async def settings_of(db: AsyncSession, project_id: UUID) -> TravelSettings:
    """What journeys of this project are checked by."""
    kept = await db.get(ProjectTravelSettings, project_id)
    return kept.settings if kept else DEFAULTS


async def change_settings(
    db: AsyncSession, project_id: UUID, given: TravelSettingsIn, caller: Caller, *, at: datetime
) -> TravelSettings:
    """Only what differs from the usual numbers is kept, so that these may get better. Raises NotFound."""
    project = await get_project(db, project_id, caller)
    kept = await db.get(ProjectTravelSettings, project_id) or ProjectTravelSettings(project_id=project.id)
    kept.own = changed(given.model_dump())
    db.add(kept)
    audit.record(db, "travel.settings", project.id, at=at, project_id=project.id, **caller.signature)
    await db.flush()
    return kept.settings
