"""By which rates a project converts, the imported ones, and which rate holds."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.tables import read_workbook
from core.errors import N_, Refusal
from core.i18n import words
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, render, see_other
from core.paging import Paging
from core.text import Blank
from core.web import checked_fields, field_messages, language_of
from directory.accounts.access import Caller, Finance, MoneyReader
from directory.projects.service import get_project
from finance.exchange import service
from finance.exchange.reader import last_ecb_day
from finance.exchange.rules import EXCHANGE_DAYS, EXCHANGE_SOURCES, LISTED, ExchangeSource, base_of
from finance.exchange.schemas import ExchangePaging, ExchangeRuleIn, ExchangeSearch, NewExchangeList

router = APIRouter(prefix="/projects/{project_id}/exchange", include_in_schema=False)
PAGE = "finance/exchange.html"
FIRST = Paging(1, 50)


@router.get("")
async def exchange(
    request: Request,
    project_id: UUID,
    caller: MoneyReader,
    db: ReadDb,
    page_request: ExchangePaging,
    of: Annotated[ExchangeSource | None, Blank] = None,
) -> Response:
    paging = Paging(page_request.page, FIRST.limit)
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller, paging=paging, of=of))


@router.get("/search")
async def search(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    """Which rate holds. What is wrong with the question is said beside its field."""
    view = dict(await _view(db, project_id=project_id, caller=caller))
    typed = dict(request.query_params)
    try:
        wanted = checked_fields(_renamed(typed, {"by": "source", "on": "day"}), ExchangeSearch)
    except Refusal as refusal:
        wrong = _renamed(field_messages(refusal, words(language_of(request))), {"source": "by", "day": "on"})
        return render(request, PAGE, 422, **view, typed=typed, wrong=wrong)
    source, found = await service.search(db, project_id, wanted, caller)
    return render(request, PAGE, **{**view, "typed": typed, "wanted": wanted, "found": found, "of_source": source})


@router.post("/rule")
async def save_rule(request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        said = _renamed(typed, {"rule_source": "source", "rule_day": "day"})
        given: ExchangeRuleIn = checked_fields(said, ExchangeRuleIn)
        await service.save_rule(db, project_id, given, caller, at=at)
    return see_other(request, f"/projects/{project_id}/exchange", N_("Saved."))


@router.post("")
async def upload(
    request: Request, project_id: UUID, caller: Finance, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    """On to the preview, which says line by line what importing will do."""
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        given: NewExchangeList = checked_fields(typed, NewExchangeList)
        name, content = await chosen_file(typed)
        workbook = await read_workbook(name, content)
        async with database.unit_of_work() as db:
            made = await service.start_list(db, project_id, given.source, given.day, name, workbook, caller, at=at)
    return see_other(request, f"/imports/{made.id}")


def _renamed(fields: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """Fields of one of the page's forms, which have names of their own: each label leads to its field."""
    return {names.get(name, name): value for name, value in fields.items()}


async def _view(
    db: AsyncSession,
    *,
    project_id: UUID,
    caller: Caller,
    paging: Paging = FIRST,
    of: ExchangeSource | None = None,
) -> Mapping[str, object]:
    return {
        "project": await get_project(db, project_id, caller),
        "rule": await service.get_rule(db, project_id),
        "rates": await service.list_rates(db, project_id, caller, paging, source=of),
        "of": of,
        "sources": EXCHANGE_SOURCES,
        "listed": {one: EXCHANGE_SOURCES[one] for one in LISTED},
        "days": EXCHANGE_DAYS,
        "base_of": base_of,
        "ecb_until": last_ecb_day(),
        "wanted": None,
    }
