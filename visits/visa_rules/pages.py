"""The table of visas of a project."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes, words
from core.pages import Typed, form_again, render, see_other
from core.paging import sorted_rows
from core.web import checked_fields, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Organiser, Reader
from directory.projects.service import get_project
from visits.travel_details.rules import PASSPORT_KINDS
from visits.visa_rules import service
from visits.visa_rules.schemas import VisaRuleIn, VisaRuleSort

router = APIRouter(include_in_schema=False)
PAGE = "visits/visa_rules.html"


@router.get("/projects/{project_id}/visa-rules")
async def rules(
    request: Request, project_id: UUID, caller: Reader, db: ReadDb, at: Moment, sort: VisaRuleSort
) -> Response:
    view = await _view(db, project_id=project_id, caller=caller, at=at)
    keys = service.visa_rule_sorts(words(language_of(request)))
    return render(request, PAGE, **{**view, "rules": sorted_rows(view["rules"], sort, keys)})


@router.post("/projects/{project_id}/visa-rules")
async def state(request: Request, project_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller, at=at), typed):
        given: VisaRuleIn = checked_fields(typed, VisaRuleIn)
        await service.state_rule(db, project_id, given, caller, at=at)
    return see_other(request, f"/projects/{project_id}/visa-rules", N_("Saved."))


@router.post("/visa-rules/{visa_rule_id}/remove")
async def remove(request: Request, visa_rule_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    project_id = await service.remove_rule(db, visa_rule_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}/visa-rules", N_("Removed."))


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller, at: Moment) -> Mapping[str, Any]:
    project = await get_project(db, project_id, caller)
    return {
        "project": project,
        "rules": await service.list_rules(db, project_id),
        "countries": country_codes(),
        "passport_kinds": PASSPORT_KINDS,
        "needs": {"yes": N_("A visa is needed"), "no": N_("No visa is needed")},
        "today": day_in(project.zone, at=at),
    }
