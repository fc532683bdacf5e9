"""How a project pays, for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import Expected, StrictRoute, tag
from directory.accounts.access import Finance, MoneyReader
from directory.projects.service import get_project
from finance.pay_rules import service
from finance.pay_rules.schemas import PayRulesIn, PayRulesOut

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/projects/{project_id}/pay-rules", response_model=PayRulesOut)
async def pay_rules(project_id: UUID, caller: MoneyReader, db: ReadDb, response: Response) -> PayRulesOut:
    """Rule sets at home and abroad, date of the contract, currencies and the project's own numbers."""
    await get_project(db, project_id, caller)
    found = await service.pay_rules_of(db, project_id)
    tag(response, found.revision)
    return PayRulesOut.of(found)


@router.put("/projects/{project_id}/pay-rules", response_model=PayRulesOut)
async def change(
    project_id: UUID,
    given: PayRulesIn,
    caller: Finance,
    db: Db,
    at: Moment,
    response: Response,
    expected: Expected,
) -> PayRulesOut:
    """Change them for all drafts; sheets that were submitted keep theirs. The history keeps who changed what."""
    changed = await service.change_pay_rules(db, project_id, given, caller, expected, at=at)
    tag(response, changed.revision)
    return PayRulesOut.of(changed)
