"""The table of visas for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.paging import sorted_rows
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from directory.projects.service import get_project
from visits.visa_rules import service
from visits.visa_rules.schemas import VisaRuleIn, VisaRuleOut, VisaRuleSort

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/projects/{project_id}/visa-rules", response_model=list[VisaRuleOut])
async def rules(project_id: UUID, caller: Reader, db: ReadDb, sort: VisaRuleSort) -> list[VisaRuleOut]:
    """Who needs a visa for where, as this project states it, each line with its source and day; by country, or as
    `sort` says."""
    await get_project(db, project_id, caller)
    keys = service.visa_rule_sorts(words(caller.language))
    return [
        VisaRuleOut.model_validate(one) for one in sorted_rows(await service.list_rules(db, project_id), sort, keys)
    ]


@router.post("/projects/{project_id}/visa-rules", response_model=VisaRuleOut)
async def state(project_id: UUID, given: VisaRuleIn, caller: Organiser, db: Db, at: Moment) -> VisaRuleOut:
    """One line; it takes the place of what was stated for the same passport and country."""
    return VisaRuleOut.model_validate(await service.state_rule(db, project_id, given, caller, at=at))


@router.delete("/visa-rules/{visa_rule_id}", status_code=204)
async def remove(visa_rule_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a line away: nothing is stated then."""
    await service.remove_rule(db, visa_rule_id, caller, at=at)
    return Response(status_code=204)
