"""The account that a project pays from, for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Approver, Finance
from directory.projects.service import get_project
from finance.paying_accounts import service
from finance.paying_accounts.schemas import PayingAccountIn, PayingAccountOut

router = APIRouter(prefix="/api/v1", tags=["payments"], route_class=StrictRoute)


@router.get("/projects/{project_id}/paying-account", response_model=PayingAccountOut)
async def paying_account(project_id: UUID, caller: Approver, db: ReadDb) -> PayingAccountOut:
    """From where the project pays, its number masked, and how its bank list and books look."""
    await get_project(db, project_id, caller)
    return PayingAccountOut.of(await service.paying_account_of(db, project_id))


@router.put("/projects/{project_id}/paying-account", response_model=PayingAccountOut)
async def change(project_id: UUID, given: PayingAccountIn, caller: Finance, db: Db, at: Moment) -> PayingAccountOut:
    """Change it. An IBAN that is left out stays as it is."""
    return PayingAccountOut.of(await service.change_paying_account(db, project_id, given, caller, at=at))
