"""The account that a project pays from, on one page."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other, ticked
from core.web import checked
from directory.accounts.access import Approver, Caller, Finance
from directory.projects.service import get_project
from finance.payees.rules import masked_account
from finance.paying_accounts import service
from finance.paying_accounts.rules import BANK_COLUMNS, USUAL_COLUMNS
from finance.paying_accounts.schemas import PayingAccountIn

router = APIRouter(include_in_schema=False)
PAGE = "finance/paying_account.html"


@router.get("/projects/{project_id}/paying-account")
async def paying_account(request: Request, project_id: UUID, caller: Approver, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/paying-account")
async def change(request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        fields = {name: typed[name] for name in PayingAccountIn.model_fields if name in typed}
        given = checked(PayingAccountIn, fields | {"columns": ticked(typed, "columns")})
        await service.change_paying_account(db, project_id, given, caller, at=at)
    return see_other(request, f"/projects/{project_id}/paying-account", N_("Saved."))


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    account = await service.paying_account_of(db, project.id)
    return {
        "project": project,
        "account": account,
        "masked": masked_account(account.iban),
        "columns": BANK_COLUMNS,
        "chosen": account.columns or [one.value for one in USUAL_COLUMNS],
    }
