"""Receipts of an event, and a project's ceilings."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import (
    Typed,
    TypedWithFiles,
    chosen_file,
    form_again,
    render,
    see_other,
    seen_revision,
    ticked,
    with_query,
)
from core.paging import Paging
from core.settings import Installed
from core.web import checked, checked_fields, download
from directory.accounts.access import Caller, Finance, MoneyReader
from directory.accounts.rules import PLANS_OR_PAYS
from directory.projects.service import get_project
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event
from finance.receipts import service
from finance.receipts.rules import RECEIPT_KINDS, RECEIPT_STATES, STATE_COLOURS, ReceiptState, is_locked
from finance.receipts.schemas import CeilingIn, ReceiptIn, ReceiptOfPersonIn, ReceiptPaging, ReceiptsDecisionIn

router = APIRouter(include_in_schema=False)
ALL, ONE, CEILINGS = "finance/receipts.html", "finance/receipt.html", "finance/receipt_ceilings.html"


@router.get("/events/{event_id}/receipts")
async def receipts(
    request: Request,
    event_id: UUID,
    caller: MoneyReader,
    db: ReadDb,
    paging: ReceiptPaging,
    state: ReceiptState | None = None,
) -> Response:
    return render(request, ALL, **await _view(db, event_id=event_id, caller=caller, paging=paging, state=state))


@router.post("/events/{event_id}/receipts")
async def claim(
    request: Request,
    event_id: UUID,
    caller: MoneyReader,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        receipt = await service.claim_for(db, event_id, checked_fields(typed, ReceiptOfPersonIn), caller, at=at)
        if has_file(typed):
            await service.attach(db, receipt.id, await chosen_file(typed), caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/receipts", N_("Saved."))


@router.post("/events/{event_id}/receipts/decision")
async def decide(request: Request, event_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ALL, partial(_view, event_id=event_id, caller=caller), typed):
        is_accepted = typed.get("decision") == "accept"
        reason = "" if is_accepted else typed.get("reason", "")
        told = {"receipts": ticked(typed, "receipts"), "is_accepted": is_accepted, "reason": reason}
        count = await service.decide(db, event_id, checked(ReceiptsDecisionIn, told), caller, at=at)
    said = N_("Accepted: %(count)s.") if is_accepted else N_("Refused: %(count)s.")
    return see_other(request, f"/events/{event_id}/receipts", said, count=count)


@router.get("/receipts/{receipt_id}")
async def receipt(request: Request, receipt_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, ONE, **await _receipt_view(db, receipt_id=receipt_id, caller=caller))


@router.post("/receipts/{receipt_id}")
async def correct(
    request: Request,
    receipt_id: UUID,
    caller: MoneyReader,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(ONE, partial(_receipt_view, receipt_id=receipt_id, caller=caller), typed):
        given: ReceiptIn = checked_fields(typed, ReceiptIn)
        found = await service.correct(db, receipt_id, given, caller, expected=seen_revision(typed), at=at)
        if has_file(typed):
            await service.attach(db, receipt_id, await chosen_file(typed), caller, settings, at=at)
    return see_other(request, f"/events/{found.event_id}/receipts", N_("Saved."))


@router.post("/receipts/{receipt_id}/withdraw")
async def withdraw(
    request: Request, receipt_id: UUID, caller: MoneyReader, db: Db, at: Moment, typed: Typed
) -> Response:
    event_id = await service.withdraw_for(db, receipt_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/receipts", N_("Removed."))


@router.get("/receipts/{receipt_id}/file")
async def receipt_file(receipt_id: UUID, caller: MoneyReader, db: ReadDb, settings: Installed) -> Response:
    await service.get_receipt(db, receipt_id, caller)
    name, content = await service.receipt_file(db, receipt_id, settings)
    return download(content, "application/octet-stream", name)


@router.get("/projects/{project_id}/receipt-ceilings")
async def ceilings(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, CEILINGS, **await _ceilings_view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/receipt-ceilings")
async def set_ceiling(
    request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(CEILINGS, partial(_ceilings_view, project_id=project_id, caller=caller), typed):
        await service.set_ceiling(db, project_id, checked_fields(typed, CeilingIn), caller, at=at)
    return see_other(request, f"/projects/{project_id}/receipt-ceilings", N_("Saved."))


@router.post("/receipt-ceilings/{receipt_ceiling_id}/remove")
async def remove_ceiling(
    request: Request, receipt_ceiling_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    project_id = await service.remove_ceiling(db, receipt_ceiling_id, caller, at=at)
    return see_other(request, f"/projects/{project_id}/receipt-ceilings", N_("Removed."))


def has_file(typed: Mapping[str, object]) -> bool:
    """Whether a file was chosen: a receipt may be claimed before it is there."""
    file = typed.get("file")
    return isinstance(file, UploadFile) and bool(file.filename)


async def _view(
    db: AsyncSession,
    *,
    event_id: UUID,
    caller: Caller,
    paging: Paging = Paging(1, 50),
    state: ReceiptState | None = None,
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    may_write = caller.may_any(event.project_id, *PLANS_OR_PAYS)
    people = await list_confirmed(db, event_id) if may_write else []
    page = await service.page_of_receipts(db, event_id, paging, state=state)
    return names() | {
        "event": event,
        "tab": "per-diem",
        "page": page,
        "for_provided_beds": await service.for_provided_beds(db, event_id, [one for one, _ in page.rows]),
        "counts": await service.count_by_state(db, event_id),
        "state": state,
        "query": with_query("", state=state.value if state else "").removeprefix("?"),
        "people": {str(registration.id): person.name for registration, person, _ in people},
        "may_write": may_write,
        "history": await audit.history(db, event_id),
    }


async def _receipt_view(db: AsyncSession, *, receipt_id: UUID, caller: Caller) -> Mapping[str, object]:
    found, event = await service.get_receipt(db, receipt_id, caller)
    people = await list_confirmed(db, event.id, only=found.registration_id)
    return names() | {
        "event": event,
        "tab": "per-diem",
        "receipt": found,
        "fields": ReceiptIn.fields_of(found),
        "name": people[0][1].name if people else "",
        "is_locked": is_locked(found),
        "is_bed_provided": bool(await service.for_provided_beds(db, event.id, [found])),
        "may_write": caller.may_any(event.project_id, *PLANS_OR_PAYS),
        "history": await audit.history(db, event.id),
    }


async def _ceilings_view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    return names() | {"project": project, "ceilings": await service.ceilings_of(db, project.id)}


def names() -> dict[str, object]:
    """What templates of receipts know them by."""
    return {"kinds": RECEIPT_KINDS, "states": RECEIPT_STATES, "colours": STATE_COLOURS}
