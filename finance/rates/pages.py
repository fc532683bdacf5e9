"""The rate tables of a project, which row holds for a place, and one table with what it changes."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.collation import sort_key
from core.db import Db, ReadDb
from core.errors import N_, Refusal
from core.i18n import Words, country_codes, words
from core.money import Money
from core.pages import Typed, form_again, render, see_other
from core.paging import Paging, page_of
from core.web import checked, checked_fields, field_messages, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Finance, MoneyReader
from directory.imports.rules import ImportState
from directory.imports.service import imports_about
from directory.projects.service import get_project
from finance.rates import service
from finance.rates.models import RateRow
from finance.rates.rules import (
    AMOUNTS,
    CHANGE_KINDS,
    CONFIDENCES,
    NO_RATE,
    OTHER_COUNTRIES,
    RATE_LEVELS,
    RATE_SCOPES,
    RATE_TABLE_STATES,
    ChangeKind,
    PlaceRate,
    RateTableState,
    counted_changes,
)
from finance.rates.schemas import RATE_CHANGE_SORTS, RateRowPaging, RateSearch, RateTablePaging, ShippedIn, WithdrawalIn
from finance.rates.shipped import SHIPPED

router = APIRouter(include_in_schema=False)
RATES, TABLE = "finance/rates.html", "finance/rate_table.html"
FIRST = Paging(1, 20)


@router.get("/projects/{project_id}/rates")
async def rates(
    request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment, page_request: RateTablePaging
) -> Response:
    paging = Paging(page_request.page, FIRST.limit)
    view = await rates_view(db, project_id=project_id, caller=caller, at=at, paging=paging)
    return render(request, RATES, **view)


@router.get("/projects/{project_id}/rates/search")
async def search(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment) -> Response:
    """Which row holds, and why. What is wrong with the question is said beside its field."""
    view = dict(await rates_view(db, project_id=project_id, caller=caller, at=at))
    typed = dict(request.query_params)
    try:
        # The form for lists on the same page names its field rule_set.
        wanted = checked_fields({"rule_set": typed.get("rules", "eu_external"), **typed}, RateSearch)
    except Refusal as refusal:
        wrong = field_messages(refusal, words(language_of(request)))
        return render(request, RATES, 422, **view, typed=typed, wrong=wrong)
    found, table = await service.search(db, project_id, wanted, caller)
    why = RATE_LEVELS[found.level] if found else NO_RATE
    answer = {"typed": typed, "searched": wanted, "found": found, "found_table": table, "why": why}
    return render(request, RATES, **{**view, **answer})


@router.post("/projects/{project_id}/rates/shipped")
async def take_over(request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(RATES, partial(rates_view, project_id=project_id, caller=caller, at=at), typed):
        given: ShippedIn = checked_fields(typed, ShippedIn)
        table = await service.take_over(db, project_id, given.file, caller, at=at)
    return see_other(request, f"/rate-tables/{table.id}", N_("Nobody pays by this table before it is put into force."))


@router.get("/rate-tables/{rate_table_id}")
async def one_table(
    request: Request,
    rate_table_id: UUID,
    caller: MoneyReader,
    db: ReadDb,
    paging: RateRowPaging,
    show: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    return render(
        request, TABLE, **await _table_view(db, table_id=rate_table_id, caller=caller, paging=paging, show=show)
    )


@router.post("/rate-tables/{rate_table_id}/in-force")
async def put_in_force(
    request: Request, rate_table_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(TABLE, partial(_table_view, table_id=rate_table_id, caller=caller), typed):
        table = await service.put_in_force(db, rate_table_id, caller, at=at)
    return see_other(request, f"/projects/{table.project_id}/rates", N_("The rate table is in force now."))


@router.post("/rate-tables/{rate_table_id}/discard")
async def discard(request: Request, rate_table_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(TABLE, partial(_table_view, table_id=rate_table_id, caller=caller), typed):
        project_id = await service.discard(db, rate_table_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}/rates", N_("The table is discarded."))


@router.post("/rate-tables/{rate_table_id}/withdraw")
async def withdraw(
    request: Request, rate_table_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(TABLE, partial(_table_view, table_id=rate_table_id, caller=caller), typed):
        reason = checked(WithdrawalIn, {"reason": typed.get("reason", "")}).reason
        table = await service.withdraw(db, rate_table_id, reason, caller, at=at)
    return see_other(request, f"/projects/{table.project_id}/rates", N_("The table is withdrawn: nobody pays by it."))


async def rates_view(
    db: AsyncSession, *, project_id: UUID, caller: Caller, at: Moment, paging: Paging = FIRST
) -> Mapping[str, object]:
    """The page of a project's rates, for forms that come back to it."""
    project = await get_project(db, project_id, caller)
    tables = await service.list_tables(db, project_id, caller, paging, at=at)
    say = words(caller.language)
    countries = [(code, say.country(code)) for code in country_codes()]
    return {
        "project": project,
        "tables": tables,
        "rule_sets": {key: one.title for key, one in service.RULE_SETS.items()},
        "shipped": [(one, len(one.rows())) for one in SHIPPED],
        "taken": await service.taken_over(db, project_id),
        "countries": sorted(countries, key=lambda one: sort_key(one[1])),
        "today": day_in(project.zone, at=at),
        "searched": None,
        **_words(say),
    }


async def _table_view(
    db: AsyncSession, *, table_id: UUID, caller: Caller, paging: Paging = FIRST, show: str = ""
) -> Mapping[str, object]:
    table, project = await service.get_table(db, table_id, caller)
    is_pending = table.state is RateTableState.pending
    changes = await service.difference(db, table) if is_pending else []
    show = show or ("changes" if is_pending else "rows")
    seen = [one for one in changes if one.kind is not ChangeKind.same]
    lists = await imports_about(db, table.id) if is_pending else []
    return {
        "project": project,
        "table": table,
        "is_pending": is_pending,
        "rule_set": service.RULE_SETS[table.rule_set].title if table.rule_set in service.RULE_SETS else table.rule_set,
        "show": show,
        "counts": counted_changes(changes),
        "changes": page_of(seen, paging, RATE_CHANGE_SORTS) if show == "changes" else None,
        "rows": await service.list_rows(db, table, paging) if show == "rows" else None,
        "unread": next((one for one in lists if one.state in (ImportState.unmapped, ImportState.previewed)), None),
        "history": await audit.history(db, table.id),
        **_words(words(caller.language)),
    }


def _words(say: Words) -> Mapping[str, object]:
    return {
        "scopes": RATE_SCOPES,
        "states": RATE_TABLE_STATES,
        "confidences": CONFIDENCES,
        "kinds": CHANGE_KINDS,
        "amounts": AMOUNTS,
        "place_name": partial(place_name, say=say),
        "amount_text": partial(amount_text, say=say),
    }


def place_name(row: PlaceRate | RateRow, say: Words) -> str:
    """Country, city and grade of a row in the reader's words."""
    others = {"": say.translate("Any country"), OTHER_COUNTRIES: say.translate("All other countries")}
    return ", ".join(filter(None, (others.get(row.country) or say.country(row.country), row.city, row.grade)))


def amount_text(name: str, amount: Decimal | str | None, currency: str, say: Words) -> str:
    """An amount with its currency; a dash for none."""
    if amount is None:
        return "–"
    number = Decimal(amount)
    return f"{say.number(number)} %" if name == "room_percent" else say.money(Money(number, currency))
