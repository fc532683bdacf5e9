"""Uploading a list of rates."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import DatabaseHandle
from core.documents.tables import read_workbook
from core.pages import TypedWithFiles, chosen_file, form_again, see_other
from core.web import checked_fields
from directory.accounts.access import Finance
from directory.imports.rules import ImportState
from finance.rate_lists.service import read_list
from finance.rates.pages import RATES, rates_view
from finance.rates.schemas import NewRateTable
from finance.rates.service import new_table

router = APIRouter(include_in_schema=False)


@router.post("/projects/{project_id}/rates")
async def upload(
    request: Request, project_id: UUID, caller: Finance, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    """Where every line is right, on to what the list changes; else to the lines that are to be corrected."""
    with form_again(RATES, partial(rates_view, project_id=project_id, caller=caller, at=at), typed):
        given: NewRateTable = checked_fields(typed, NewRateTable)
        name, content = await chosen_file(typed)
        said = new_table(name, given.rule_set, given.scope, given.source)
        workbook = await read_workbook(name, content)
        async with database.unit_of_work() as db:
            table, made = await read_list(db, project_id, said, workbook, caller, at=at)
    is_read = made.state is ImportState.applied
    return see_other(request, f"/rate-tables/{table.id}" if is_read else f"/imports/{made.id}")
