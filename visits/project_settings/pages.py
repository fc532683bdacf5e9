"""The numbers of a project on one page."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields
from directory.accounts.access import Caller, Organiser, Reader
from directory.projects.service import get_project
from visits.project_settings import service
from visits.project_settings.rules import GROUPS, values_of
from visits.project_settings.schemas import TravelSettingsIn
from visits.travel_settings import DEFAULTS

router = APIRouter(include_in_schema=False)
PAGE = "visits/travel_settings.html"


@router.get("/projects/{project_id}/travel-settings")
async def settings(request: Request, project_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/travel-settings")
async def change(request: Request, project_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        given = checked_fields(typed, TravelSettingsIn)
        await service.change_settings(db, project_id, given, caller, at=at)
    return see_other(request, f"/projects/{project_id}/travel-settings", N_("Saved."))


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    return {
        "project": project,
        "groups": GROUPS,
        "values": values_of(await service.settings_of(db, project_id)),
        "usual": values_of(DEFAULTS),
    }
