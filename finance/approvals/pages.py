"""The per-diem tab of an event, and the page of a sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.collation import sort_key
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.i18n import country_codes
from core.money import Money
from core.pages import Typed, form_again, render, see_other
from core.paging import Paging, page_of
from core.settings import Installed
from core.web import checked, checked_fields
from directory.accounts.access import Approver, Caller, Finance, MoneyReader, Organiser
from finance.approvals import service, views
from finance.approvals.rules import APPROVAL_BARS, corrected_at
from finance.approvals.schemas import CommentIn, ReturnIn, StatementPaging
from finance.overlaps.service import overlaps_of
from finance.payees.service import without_account
from finance.rules.registry import RULE_SETS
from finance.rules.sentences import explanation, open_explanation
from finance.sheet_files.rules import place_or_cost
from finance.sheets.rules import DEAD, GIVEN, SHEET_STATES, Difference, SheetState, sheet_number
from finance.sheets.schemas import SubmissionIn
from finance.sheets.service import earned_before, event_sheets, institutions_of, list_sheets, submitted_anew
from finance.sheets.service import submit as submit_draft
from finance.signed_receipts.service import signed_count
from visits.stays.schemas import StayIn
from visits.stays.service import book

router = APIRouter(include_in_schema=False)
PAGE = "finance/per_diem.html"
SHEET = "finance/sheet.html"
FIRST = Paging(1, 50)
WORDS = {
    "sheet_number": sheet_number,
    "states": SHEET_STATES,
    "dead": DEAD,
    "given": GIVEN,
    "rule_sets": {key: one.title for key, one in RULE_SETS.items()},
    "explanation": explanation,
    "open_explanation": open_explanation,
    "place_or_cost": place_or_cost,
    "corrected_at": corrected_at,
    "money": Money,
}


@router.get("/events/{event_id}/per-diem")
async def per_diem(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, page: StatementPaging, at: Moment
) -> Response:
    return render(request, PAGE, **await _event_view(db, event_id=event_id, caller=caller, at=at, paging=page))


@router.post("/events/{event_id}/stays")
async def stays(
    request: Request, event_id: UUID, caller: Organiser, reader: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_event_view, event_id=event_id, caller=reader, at=at), typed):
        count = await book(db, event_id, checked(StayIn, typed), caller, at=at)
    return see_other(
        request,
        f"/events/{event_id}/per-diem",
        NN_("Nights are entered for one person.", "Nights are entered for %(num)s people."),
        count=count,
    )


@router.post("/events/{event_id}/per-diem/submit")
async def submit(
    request: Request, event_id: UUID, caller: Organiser, reader: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_event_view, event_id=event_id, caller=reader, at=at), typed):
        given = checked_fields(typed, SubmissionIn)
        await submit_draft(db, event_id, caller, institution_id=given.institution_id, at=at)
    return see_other(request, f"/events/{event_id}/per-diem", N_("The sheet is with finance now."))


@router.get("/per-diem-sheets/{per_diem_sheet_id}")
async def sheet(
    request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb, page: StatementPaging, at: Moment
) -> Response:
    return render(request, SHEET, **await _sheet_view(db, id=per_diem_sheet_id, caller=caller, at=at, paging=page))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/check")
async def check(
    request: Request, per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(SHEET, partial(_sheet_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        await service.check(db, per_diem_sheet_id, caller, at=at)
    return _back(request, per_diem_sheet_id, N_("The sheet is checked. It waits for approval now."))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/approve")
async def approve(
    request: Request, per_diem_sheet_id: UUID, caller: Approver, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(SHEET, partial(_sheet_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        await service.approve(db, per_diem_sheet_id, caller, at=at)
    return _back(request, per_diem_sheet_id, N_("The sheet is approved; nothing on it changes any more."))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/return")
async def send_back(
    request: Request,
    per_diem_sheet_id: UUID,
    caller: Approver,
    db: Db,
    at: Moment,
    typed: Typed,
    settings: Installed,
) -> Response:
    with form_again(SHEET, partial(_sheet_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        reason = checked(ReturnIn, {"reason": typed.get("reason", "")}).reason
        await service.send_back(db, per_diem_sheet_id, reason, caller, settings, at=at)
    return _back(request, per_diem_sheet_id, N_("The sheet went back to the organiser, with the reason by mail."))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/recall")
async def recall(
    request: Request, per_diem_sheet_id: UUID, caller: Organiser, reader: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(SHEET, partial(_sheet_view, id=per_diem_sheet_id, caller=reader, at=at), typed):
        taken = await service.recall(db, per_diem_sheet_id, caller, at=at)
    return see_other(request, f"/events/{taken.event_id}/per-diem", N_("The sheet is recalled. The draft is here."))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/close")
async def close(
    request: Request, per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(SHEET, partial(_sheet_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        await service.close(db, per_diem_sheet_id, caller, at=at)
    return _back(request, per_diem_sheet_id, N_("The sheet is closed."))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/comments")
async def comment(
    request: Request, per_diem_sheet_id: UUID, caller: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(SHEET, partial(_sheet_view, id=per_diem_sheet_id, caller=caller, at=at), typed):
        await service.comment(db, per_diem_sheet_id, checked_fields(typed, CommentIn), caller, at=at)
    return _back(request, per_diem_sheet_id, N_("Noted on the sheet."))


def _back(request: Request, sheet_id: UUID, notice: str) -> Response:
    return see_other(request, f"/per-diem-sheets/{sheet_id}", notice)


async def _event_view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, at: datetime, paging: Paging = FIRST
) -> Mapping[str, object]:
    found = await event_sheets(db, event_id, caller, at=at)
    institutions = {
        one.institution_id: one.institution
        for mine in found.drafts.values()
        for one in mine
        if one.institution_id is not None
    }
    return {
        **WORDS,
        "event": found.event,
        "tab": "per-diem",
        "found": found,
        "drafts": {
            currency: (mine, page_of(mine, paging, views.STATEMENT_SORTS)) for currency, mine in found.drafts.items()
        },
        "institutions": sorted(institutions.items(), key=lambda one: sort_key(one[1])),
        "returned": [one for one in found.sheets if one.reason and not submitted_anew(one, found.sheets)],
        "of": await institutions_of(db, found.sheets),
        "without_account": await without_account(
            db,
            event_id,
            {
                one.registration_id
                for mine in found.drafts.values()
                for one in mine
                if one.balance is None or one.balance > 0
            },
        ),
        "overlaps": await overlaps_of(db, found.event, caller),
        "names": await views.names_of(db, found.sheets),
        "countries": sorted(country_codes()),
        "history": await audit.history(db, event_id),
    }


async def _sheet_view(
    db: AsyncSession, *, id: UUID, caller: Caller, at: datetime, paging: Paging = FIRST
) -> Mapping[str, object]:
    found = await views.sheet_view(db, id, caller, paging)
    sheets = await list_sheets(db, found.event.id)
    anew = {one.id: submitted_anew(one, sheets) for one in sheets if one.state in DEAD}
    changed: Sequence[Difference] = ()
    if found.sheet.state is SheetState.submitted:
        changed = (await event_sheets(db, found.event.id, caller, at=at)).changed.get(id, ())
    return {
        **WORDS,
        "event": found.event,
        "tab": "per-diem",
        "view": found,
        "sheet": found.sheet,
        "before": await earned_before(db, found.sheet),
        "anew": anew.get(id),
        "came_back": [one for one in sheets if one.reason and (again := anew.get(one.id)) and again.id == id],
        "signed": await signed_count(db, found.sheet) if found.sheet.state in GIVEN else (0, 0),
        "changed": changed,
        "without_account": await views.without_account_on(db, found.sheet),
        "bar": await service.bar_of(db, found.sheet, caller) if found.sheet.state is SheetState.submitted else None,
        "bars": APPROVAL_BARS,
        "steps": views.steps_of(found.sheet, found.names),
        "comments": await service.comments_on(db, id),
        "history": await audit.history(db, found.event.id),
    }
