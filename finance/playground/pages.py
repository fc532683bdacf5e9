"""The page on which the rules of per diems are tried."""

import asyncio
import io
import json
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.documents.sheets import XLSX
from core.errors import N_, Unacceptable, UnacceptableFields
from core.i18n import words
from core.inputs import parsed_json
from core.limits import limits_of
from core.pages import Typed, form_again, render
from core.web import download, language_of
from directory.accounts.access import MoneyReader
from finance.playground import forms, layout
from finance.playground.cases import answer
from finance.playground.links import MAX_LINK, packed, unpacked
from finance.playground.schemas import ComputationOut, PerDiemCase
from finance.playground.service import checked_case, computation_of, document_of
from finance.rates.shipped import SHIPPED
from finance.rules.registry import RULE_SETS
from finance.sheet_files.line_table import per_diem_csv
from finance.sheet_files.rules import LINE_KINDS, place_or_cost
from finance.sheet_files.workbook import per_diem_xlsx
from visits.places.towns import towns_beginning

router = APIRouter(include_in_schema=False)
PATH, PAGE, PLACES = "/per-diem/rules", "finance/playground.html", "finance/playground_places.html"
# Who types fast asks five times a second.
RATE = "240/minute"
Told = Annotated[str, Query(max_length=MAX_LINK)]
# Kept with a link, and no part of a case: rates that were typed while those that come with Heyet are used.
_ASIDE = "unused_rates"


@router.get(PATH)
async def rules(request: Request, caller: MoneyReader, case: Told = "", example: str = "") -> Response:
    """Choose a rule set and type a journey; with a case its fields are filled and it is computed."""
    if not case:
        said: dict[str, Any] = {"rule_set": forms.known_set(example), "currency": "EUR"}
        return render(request, PAGE, **await _view(None, request=request, case=said, told=""))
    said = unpacked(case)
    with form_again(PAGE, partial(_view, request=request, case=said, told=""), {}):
        found = _computed(said, language_of(request))
    view = await _view(None, request=request, case=said, told=case)
    return render(request, PAGE, **{**view, "found": found})


@router.post(PATH)
async def compute(request: Request, caller: MoneyReader, typed: Typed) -> Response:
    """Compute what was typed and go to its link; or only another set, a row more or a row less."""
    case, wrongs = forms.case_of(typed)
    act = str(typed.get("act", ""))
    if act:
        added = _changed(case, act)
        return render(request, PAGE, **await _view(None, request=request, case=case, told="", added=added))
    with form_again(PAGE, partial(_view, request=request, case=case, told=""), typed):
        if wrongs:
            raise UnacceptableFields(wrongs)
        _computed(case, language_of(request))
        told = packed(case)
    return Response(status_code=303, headers={"Location": f"{PATH}?case={told}#result"})


@router.post(f"{PATH}/case")
async def paste(request: Request, caller: MoneyReader, typed: Typed) -> Response:
    """A case as JSON, as the page gives it out and as `heyet cases per-diem` reads it."""
    blank = {"rule_set": forms.FIRST, "currency": "EUR"}
    with form_again(PAGE, partial(_view, request=request, case=blank, told=""), typed):
        try:
            said = parsed_json(str(typed["pasted"]).encode())
        except ValueError:
            raise Unacceptable("pasted", N_("This is no JSON.")) from None
        case = checked_case(said)
        computation_of(case)
        told = packed(case.as_case())
    return Response(status_code=303, headers={"Location": f"{PATH}?case={told}#result"})


@router.get(f"{PATH}/places")
async def places(request: Request, caller: MoneyReader) -> Response:
    """Towns that begin as what somebody types, for the list under a field; the field may have any name."""
    await limits_of(request).must_allow(RATE, "places", str(caller.account_id))
    typed = next(iter(request.query_params.values()), "")[:80]
    return render(request, PLACES, towns=towns_beginning(typed))


@router.get(f"{PATH}/lines.xlsx")
async def lines_xlsx(request: Request, caller: MoneyReader, at: Moment, case: Told) -> Response:
    """The lines as a spreadsheet with live formulas."""
    given = _case(unpacked(case))
    into, document = io.BytesIO(), document_of(given, computation_of(given), language_of(request), at=at)
    await asyncio.to_thread(per_diem_xlsx, document, into)
    return download(into.getvalue(), XLSX, "per-diem-trial.xlsx")


@router.get(f"{PATH}/lines.csv")
async def lines_csv(request: Request, caller: MoneyReader, at: Moment, case: Told) -> Response:
    """The lines as a table."""
    given = _case(unpacked(case))
    document = document_of(given, computation_of(given), language_of(request), at=at)
    return download(per_diem_csv(document), "text/csv; charset=utf-8", "per-diem-trial.csv")


@router.get(f"{PATH}/case.json")
async def case_json(caller: MoneyReader, case: Told) -> Response:
    """The case with what comes out of it, as `heyet cases per-diem` reads it."""
    said = _case(unpacked(case)).as_case()
    expected = {name: value for name, value in answer(said).items() if name != "explained"}
    text = json.dumps({"examples": [{"id": "trial", **said, "expected": expected}]}, ensure_ascii=False, indent=1)
    return download(text.encode(), "application/json", "per-diem-case.json")


def _case(said: Mapping[str, Any]) -> PerDiemCase:
    return checked_case({name: value for name, value in said.items() if name != _ASIDE})


def _computed(said: Mapping[str, Any], language: str) -> ComputationOut:
    case = _case(said)
    return ComputationOut.of(case.rule_set, computation_of(case), words(language))


def _changed(case: dict[str, Any], act: str) -> str:
    """Take a row away ("remove nights 2"); returns the list that gets another one ("add nights")."""
    name, _, rest = act.partition(" ")
    key, _, number = rest.partition(" ")
    if name == "remove" and number.isdigit() and isinstance(case.get(key), list) and int(number) < len(case[key]):
        del case[key][int(number)]
    return key if name == "add" else ""


async def _view(
    _db: AsyncSession | None, *, request: Request, case: dict[str, Any], told: str, added: str = ""
) -> Mapping[str, object]:
    key = forms.known_set(case.get("rule_set"))
    tables = layout.tables_of(key)
    rates = layout.rates_of(key)
    has_shipped = any(one.rule_set == key for one in SHIPPED)
    is_given = "rates" in case or not has_shipped
    fields = [*layout.switches_of(key)]
    journey = forms.place_fields() if key != "actuals" else []
    absence = forms.absence_fields() if layout.needs_journey(key) else []
    everything = [*tables, *([rates] if rates else [])]
    case = {"currency": "EUR", **case, "rule_set": key}
    return {
        "case": case,
        "rule": RULE_SETS[key],
        "rule_sets": {one.key: one.title for one in RULE_SETS.values()},
        "switches": [(one, forms.shown_value(case, one)) for one in fields],
        "journey": [(one, forms.shown_value(case, one)) for one in [*journey, *absence]],
        "tables": [(table, _rows(case, table)) for table in tables],
        "rates": (rates, _rows(case, rates) if is_given else []) if rates else None,
        "rates_from": "given" if is_given else "shipped",
        "has_shipped": has_shipped,
        "more": forms.carried_with(case, everything, [*fields, *journey, *absence]),
        "told": told,
        "added": added,
        "found": None,
        "kinds": LINE_KINDS,
        "place_or_cost": partial(place_or_cost, words=words(language_of(request))),
        "trial_path": PATH,
    }


def _rows(case: Mapping[str, Any], table: layout.TrialTable) -> list[tuple[list[tuple[Any, str]], str]]:
    """Each row's fields with what they hold, and what it carries along; one empty row behind them."""
    said = [row if isinstance(row, dict) else {"date": row} for row in case.get(table.key) or []]
    rows = [
        ([(one, forms.shown_value(row, one) or (one.default if one.kind == "choice" else "")) for one in table.columns],
         forms.carried_with_row(row, table))
        for row in said
    ]  # fmt: skip
    return [*rows, ([(one, one.default) for one in table.columns], "{}")]
